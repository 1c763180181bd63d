import assert from "node:assert/strict";
import * as apigatewayv2 from "@pulumi/aws/apigatewayv2";
import * as lb from "@pulumi/aws/lb";
import { raw, recorder, serve, stopAll, viaBalancer } from "../http/helpers/running";
import { runningRest, stopGateways } from "./helpers/running";

const proxy = (uri: string, integration: object = {}) =>
  ({ type: "HTTP_PROXY", httpMethod: "ANY", uri, integration }) as const;

describe("REST gateway: endpoints", () => {
  afterEach(async () => {
    await stopGateways();
    await stopAll();
  });

  it("behind a VPC link get the client's request through the balancer, with what the gateway sets", async () => {
    const { origin, received } = await recorder();
    const { send, compute } = await runningRest(
      {
        resources: {
          "/a/{id}": {
            PUT: proxy("http://internal.example:8081/a/{id}", {
              connectionType: "VPC_LINK",
              connectionId: "(link)",
              integrationTarget: "arn:lb",
              requestParameters: {
                "integration.request.path.id": "method.request.path.id",
                "integration.request.header.x-request-id": "context.requestId",
              },
            }),
          },
        },
      },
      {
        plan: (opts) => {
          const link = new apigatewayv2.VpcLink("link", { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] }, opts);
          const defaultActions = [{ type: "forward", targetGroupArn: "arn:tg" }];
          new lb.Listener("listener", { loadBalancerArn: "arn:lb", port: 8081, defaultActions }, opts);
          return link.id;
        },
      },
    );
    compute.choice = viaBalancer(origin);
    const headers = { "x-request-id": "of the client", "content-type": "text/plain" };
    const { status, headers: answered } = await send("/a/b%2Fc?q=%2F1&q=2", { method: "PUT", headers, body: "body" });
    assert.equal(status, 200);
    const [request] = received;
    assert.equal(request!.method, "PUT");
    assert.equal(request!.url, "/a/b%2Fc?q=%2F1&q=2");
    assert.equal(request!.body.toString(), "body");
    assert.equal(request!.headers["x-request-id"], answered.get("x-amzn-requestid"));
    assert.equal(request!.headers.host, "internal.example:8081");
    assert.equal(request!.headers["x-forwarded-port"], "8081");
    assert.deepEqual(compute.hosts, ["internal.example"]);
    assert.equal(compute.done, 1);
    compute.choice = { kind: "none", via: "balancer" };
    const none = await send("/a/1", { method: "PUT" });
    assert.equal(none.status, 503);
    assert.match(none.text, /503 Service Temporarily Unavailable/);
    compute.choice = viaBalancer("http://127.0.0.1:9");
    const broken = await send("/a/1", { method: "PUT" });
    assert.equal(broken.status, 502);
    assert.match(broken.text, /502 Bad Gateway/);
    assert.equal(compute.done, 2);
  });

  it("that do not answer in time, and that refuse the connection, are answered 504", async () => {
    const { origin } = await serve((req) => void req.resume());
    const { get } = await runningRest({
      resources: {
        "/slow": { GET: proxy(origin, { timeoutInMillis: 60 }) },
        "/closed": { GET: proxy("http://127.0.0.1:9/") },
      },
    });
    const slow = await get("/slow");
    assert.deepEqual([slow.status, slow.text], [504, '{"message": "Endpoint request timed out"}']);
    const closed = await get("/closed");
    assert.deepEqual([closed.status, closed.text], [504, '{"message": "Network error communicating with endpoint"}']);
  });

  it("outside of this machine get nothing, and the log says so", async () => {
    const { get, logs } = await runningRest({ resources: { "/a": { GET: proxy("https://legacy.example.com/x") } } });
    assert.equal((await get("/a")).status, 504);
    assert.match(logs.join("\n"), /requests to https:\/\/legacy\.example\.com leave this machine/);
  });

  it("that answer over 10 MB, or end early, never leave a client with a part", async () => {
    const { origin } = await serve((req, res) => {
      if (req.url === "/large") res.end(Buffer.alloc(10 * 1_024 * 1_024 + 1));
      else {
        res.writeHead(200, { "content-length": "10" });
        res.write("part");
        setTimeout(() => res.destroy(), 20);
      }
    });
    const { get } = await runningRest({
      resources: { "/large": { GET: proxy(`${origin}/large`) }, "/early": { GET: proxy(`${origin}/early`) } },
    });
    assert.deepEqual([(await get("/large")).status, (await get("/early")).status], [500, 504]);
  });

  it("get paths as the client sent them, on the planned host", async () => {
    const { origin, received } = await recorder();
    const mapped = { requestParameters: { "integration.request.path.proxy": "method.request.path.proxy" } };
    const { port } = await runningRest({ resources: { "/{proxy+}": { ANY: proxy(`${origin}/x/{proxy}`, mapped) } } });
    for (const path of ["//evil.example/x", "/@evil.example", "/a/%2e%2e/b", "/..%2f", "/%252f", "/%00", "/a\\b"]) {
      await raw(port, `GET /test${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`);
    }
    assert.deepEqual(
      received.map(({ url }) => url),
      ["/x/evil.example/x", "/x/@evil.example", "/x/a/%2e%2e/b", "/x/..%2f", "/x/%252f", "/x/%00", "/x/a\\b"],
    );
  });
});
