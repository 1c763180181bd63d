import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { plannedApi } from "./helpers/planned";
import { raw, recorder, running, serve, stopAll, viaBalancer } from "./helpers/running";

const any = { routes: [{ key: "ANY /{proxy+}" }] };
const notFound = '{"message":"Not Found"}';

describe("gateway: server", () => {
  afterEach(stopAll);

  it("answers 404 where no route matches, with an id", async () => {
    const gateway = await running({ routes: [{ key: "GET /a" }] });
    const { status, text, headers } = await gateway.get("/b");
    assert.deepEqual([status, text, headers["content-type"]], [404, notFound, "application/json"]);
    assert.match(headers["apigw-requestid"], /^[\w-]{15}=$/);
  });

  it("gives every request an id of its own", async () => {
    const gateway = await running(any);
    const ids = new Set<string>();
    for (let i = 0; i < 30; i++) {
      const answers = await Promise.all(Array.from({ length: 20 }, () => gateway.get("/a")));
      for (const { headers } of answers) ids.add(headers["apigw-requestid"]);
    }
    assert.equal(ids.size, 600);
  });

  describe("names", () => {
    async function statuses(disabled: boolean) {
      const { origin } = await recorder();
      const api = { disableExecuteApiEndpoint: disabled };
      const gateway = await running({ ...any, api, domains: ["API.example.com"] }, viaBalancer(origin));
      const { endpointHost } = (await plannedApi({ ...any, api })).model;
      const hosts = [
        "api.example.com",
        "Api.Example.Com:443",
        "localhost",
        "127.0.0.1:80",
        "[::1]:1",
        endpointHost,
        "other.example.com",
        "api.example.com.evil.example",
      ];
      const answers = await Promise.all(hosts.map((host) => gateway.get("/a", { host })));
      return answers.map(({ status }) => status);
    }

    it("are the custom domains, loopback and the API's endpoint", async () => {
      assert.deepEqual(await statuses(false), [200, 200, 200, 200, 200, 200, 403, 403]);
    });

    it("do not include an endpoint that is disabled", async () => {
      assert.deepEqual(await statuses(true), [200, 200, 200, 200, 200, 404, 403, 403]);
    });
  });

  describe("stages", () => {
    it("come first: the one that the path begins with, else $default", async () => {
      const { origin, received } = await recorder();
      const plan = { routes: [{ key: "GET /a" }, { key: "GET /" }, { key: "GET /v1/a" }], stages: ["v1", "$default"] };
      const gateway = await running(plan, viaBalancer(origin));
      for (const path of ["/v1/a?x=1", "/v1", "/a", "/v1/v1/a"]) assert.equal((await gateway.get(path)).status, 200);
      for (const path of ["/v2/a", "/$default/a"]) assert.equal((await gateway.get(path)).status, 404);
      assert.deepEqual(
        received.map(({ url }) => url),
        ["/v1/a?x=1", "/v1/", "/a", "/v1/v1/a"],
      );
    });

    it("without $default leave the rest 404", async () => {
      const gateway = await running({ ...any, stages: ["v1"] }, viaBalancer((await recorder()).origin));
      assert.equal((await gateway.get("/v1/a")).status, 200);
      for (const path of ["/a", "/", "/$default/a"]) {
        const { status, text } = await gateway.get(path);
        assert.deepEqual([status, text], [404, notFound]);
      }
    });

    it("of a custom domain are not in the client's path", async () => {
      const { origin, received } = await recorder();
      const gateway = await running({ ...any, stages: ["v1"], domains: ["api.example.com"] }, viaBalancer(origin));
      assert.equal((await gateway.get("/a", { host: "api.example.com" })).status, 200);
      assert.deepEqual(
        received.map(({ url }) => url),
        ["/v1/a"],
      );
    });
  });

  describe("legacy endpoints", () => {
    const legacy = "https://legacy.example.com";
    const routes = [
      { key: "GET /rates", to: `${legacy}/v2/rates.json` },
      { key: "GET /old/{id}", to: `${legacy}/x/{id}/y` },
      { key: "ANY /all/{proxy+}", to: `${legacy}/{proxy}` },
      { key: "GET /host", to: legacy },
    ];

    it("are not called, and the log says so once", async () => {
      const gateway = await running({ routes });
      for (let i = 0; i < 3; i++) {
        const { status, text } = await gateway.get("/rates");
        assert.deepEqual([status, text], [503, '{"message":"Service Unavailable"}']);
      }
      assert.equal(gateway.logs.length, 1);
      assert.match(gateway.logs[0]!, /requests to https:\/\/legacy\.example\.com leave this machine/);
    });

    it("are called at their mapped origin, at the path as written, with the client's query", async () => {
      const { origin, received } = await recorder();
      const gateway = await running({ routes }, undefined, { legacyOrigins: { [legacy]: origin } });
      for (const path of ["/rates?a=%20", "/old/a%20b", "/all/@evil/../%2e", "/all//evil", "/host"]) {
        const head = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nCookie: a=b\r\nConnection: close\r\n\r\n`;
        assert.match(await raw(gateway.port, head), /^HTTP\/1\.1 200 /);
      }
      assert.deepEqual(
        received.map(({ url }) => url),
        ["/v2/rates.json?a=%20", "/x/a%20b/y", "/@evil/../%2e", "//evil", "/"],
      );
      const { headers } = received[0]!;
      assert.deepEqual(
        [headers["host"], headers["via"], headers["cookie"]],
        ["legacy.example.com", "HTTP/1.1 AmazonAPIGateway", "a=b"],
      );
      assert.equal(gateway.compute.picked.length, 0);
    });

    it("on loopback need no mapping, follow no redirect, and are 503 when down", async () => {
      const { origin } = await serve((_req, res) => void res.writeHead(302, { location: "http://127.0.0.1:9/" }).end());
      const gateway = await running({
        routes: [
          { key: "GET /a", to: `${origin}/b` },
          { key: "GET /c", to: "http://127.0.0.1:9/c" },
        ],
      });
      assert.equal((await gateway.get("/a")).status, 302);
      assert.equal((await gateway.get("/c")).status, 503);
    });
  });

  describe("access log", () => {
    it("has one line per request in the planned format", async () => {
      const { origin } = await recorder();
      const gateway = await running({ routes: [{ key: "GET /a" }] }, viaBalancer(origin));
      const { headers } = await gateway.get("/a?secret=1", { "user-agent": "test" });
      await gateway.get("/nowhere");
      await sleep(20);
      assert.deepEqual(JSON.parse(gateway.access[0]!), {
        id: headers["apigw-requestid"],
        route: "GET /a",
        status: "200",
        agent: "test",
        path: "/a",
        ip: "127.0.0.1",
        error: "-",
        auth: "-",
        length: "11",
      });
      const missed = JSON.parse(gateway.access[1]!);
      assert.deepEqual([missed.status, missed.route, missed.agent], ["404", "-", "-"]);
    });

    it("escapes what would break or paint a line", async () => {
      const gateway = await running(any);
      const agent = '"},\\{\x9b31m\x85';
      await raw(
        gateway.port,
        Buffer.from(
          `GET /a"\\ HTTP/1.1\r\nHost: localhost\r\nUser-Agent: ${agent}\r\nConnection: close\r\n\r\n`,
          "latin1",
        ),
      );
      await sleep(20);
      const [line] = gateway.access;
      assert.match(line!, /^[\x20-\x7e]+$/);
      assert.deepEqual([JSON.parse(line!).agent, JSON.parse(line!).path], [agent, '/a"\\']);
    });

    it("says why an integration failed", async () => {
      const gateway = await running(any, viaBalancer("http://127.0.0.1:9"));
      await gateway.get("/a");
      await sleep(20);
      assert.deepEqual(
        [JSON.parse(gateway.access[0]!).status, JSON.parse(gateway.access[0]!).error],
        ["502", "ECONNREFUSED"],
      );
    });
  });

  describe("stop", () => {
    it("lets a request in flight finish and takes no other", async () => {
      const { origin } = await serve((_req, res) => void setTimeout(() => res.end("done"), 150));
      const gateway = await running(any, viaBalancer(origin));
      const slow = gateway.get("/a");
      await sleep(50);
      const stopped = gateway.stop();
      await assert.rejects(gateway.get("/b"));
      assert.equal((await slow).text, "done");
      await stopped;
    });

    it("waits two seconds at most", async () => {
      const { origin } = await serve(() => {});
      const gateway = await running(any, viaBalancer(origin));
      const hanging = assert.rejects(gateway.get("/a"));
      await sleep(50);
      const started = performance.now();
      await gateway.stop();
      const took = performance.now() - started;
      await hanging;
      assert.ok(took > 1_900 && took < 4_000, `took ${took} ms`);
      assert.equal(gateway.compute.done, 1);
    });

    it("says which port is taken", async () => {
      const gateway = await running(any);
      await assert.rejects(running(any, undefined, { port: gateway.port }), /EADDRINUSE/);
    });
  });
});
