import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool, request as send } from "undici";
import type { PlannedApi } from "./helpers/planned";
import { raw, recorder, running, serve, stopAll, viaBalancer, viaDiscovery } from "./helpers/running";

const any: PlannedApi = { routes: [{ key: "ANY /{proxy+}" }] };
const quick: PlannedApi = { routes: [{ key: "ANY /{proxy+}", integration: { timeoutMilliseconds: 100 } }] };
const unavailable = '{"message":"Service Unavailable"}';
const megabyte = 1024 * 1024;

describe("gateway: proxy to private servers", () => {
  afterEach(stopAll);

  it("passes method, raw path, query and body on, once", async () => {
    const { origin, received } = await recorder();
    const gateway = await running({ routes: [{ key: "PUT /foods/{id}" }] }, viaBalancer(origin));
    const answer = await gateway.send("PUT", "/foods/a%20%C3%BC?x=%20&y", {
      body: "hi",
      headers: { "content-type": "text/x" },
    });
    assert.deepEqual([answer.status, answer.text], [200, '{"ok":true}']);
    assert.deepEqual(
      received.map(({ method, url, body, headers }) => [method, url, body.toString(), headers["content-length"]]),
      [["PUT", "/foods/a%20%C3%BC?x=%20&y", "hi", "2"]],
    );
    assert.equal(gateway.compute.done, 1);
  });

  it("asks the backend that the plan names", async () => {
    const gateway = await running({ routes: [{ key: "GET /a", to: "discovery" }, { key: "GET /b" }] });
    await gateway.get("/a");
    await gateway.get("/b");
    assert.match(gateway.compute.picked[0]!, /^arn:aws:servicediscovery:.*:service\//);
    assert.match(gateway.compute.picked[1]!, /^arn:aws:elasticloadbalancing:.*:listener\//);
  });

  it("chooses a server by the Host that it sends, and leaves the client's in `forwarded`", async () => {
    const { origin, received } = await recorder();
    const requestParameters = { "overwrite:header.host": "env.example.com" };
    const gateway = await running(
      {
        routes: [{ key: "GET /a", integration: { requestParameters } }, { key: "GET /b" }],
        domains: ["api.example.com"],
      },
      viaBalancer(origin),
    );
    for (const path of ["/a", "/b"]) await gateway.get(path, { host: "API.example.com:443" });
    assert.deepEqual(gateway.compute.hosts, ["env.example.com", "api.example.com"]);
    assert.deepEqual(
      received.map(({ headers }) => headers.host),
      ["env.example.com", "API.example.com:443"],
    );
    for (const { headers } of received) assert.match(headers["forwarded"] as string, /;host=api\.example\.com;/);
  });

  it("passes the answer of a listener itself on", async () => {
    const fixed = { kind: "fixed", via: "balancer", status: 503, contentType: "text/plain", body: "no rule" } as const;
    const { status, headers, text } = await (await running(any, fixed)).get("/a");
    assert.deepEqual([status, headers["content-type"], text], [503, "text/plain", "no rule"]);
  });

  it("sends the planned method instead of the client's where there is one", async () => {
    const { origin, received } = await recorder();
    const plan = { routes: [{ key: "GET /a", integration: { integrationMethod: "POST" } }] };
    const gateway = await running(plan, viaDiscovery(origin));
    await gateway.get("/a");
    assert.equal(received[0]!.method, "POST");
  });

  it("keeps every byte of bodies both ways", async () => {
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, i) => i % 256));
    const { origin } = await serve((req, res) => void req.pipe(res.writeHead(201, { "content-type": "x/y" })));
    const gateway = await running(any, viaBalancer(origin));
    const { body, statusCode } = await send(`${gateway.url}/a`, {
      method: "POST",
      body: bytes,
    });
    assert.equal(statusCode, 201);
    assert.deepEqual(Buffer.from(await body.arrayBuffer()), bytes);
  });

  it("answers the next request on a connection, after a server answered without reading the body", async () => {
    const { origin } = await serve((_req, res) => void res.writeHead(413).end("early"));
    const gateway = await running(any, viaBalancer(origin));
    const dispatcher = new Pool(gateway.url, { connections: 1 });
    try {
      for (let i = 0; i < 20; i++) {
        const big = await dispatcher.request({ path: "/a", method: "PUT", body: Buffer.alloc(megabyte) });
        assert.deepEqual([big.statusCode, await big.body.text()], [413, "early"]);
        const next = await dispatcher.request({ path: "/a", method: "GET", signal: AbortSignal.timeout(1_500) });
        assert.equal(await next.body.text(), "early");
      }
    } finally {
      await dispatcher.destroy();
    }
  });

  it("streams an answer as it comes", async () => {
    let release = () => {};
    const { origin } = await serve((_req, res) => {
      res.write("first");
      release = () => void res.end("last");
    });
    const gateway = await running(any, viaBalancer(origin));
    const { body } = await send(`${gateway.url}/a`);
    const iterator = body[Symbol.asyncIterator]();
    assert.equal(String((await iterator.next()).value), "first");
    release();
    assert.equal(String((await iterator.next()).value), "last");
  });

  it("sends no Keep-Alive header, and closes the connection of a client that asks for it", async () => {
    const { origin } = await recorder();
    const gateway = await running(any, viaBalancer(origin));
    const connectionOf = async (path: string, more = "") => {
      const answer = await raw(gateway.port, `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`);
      return answer.split("\r\n").filter((line) => /^(connection|keep-alive):/i.test(line));
    };
    assert.deepEqual(await connectionOf("/a"), ["connection: keep-alive"]);
    assert.deepEqual(await connectionOf("/nowhere"), ["connection: keep-alive"]);
    assert.deepEqual(await connectionOf("/a", "Connection: close\r\n"), ["connection: close"]);
  });

  it("keeps duplicate headers of answers, and drops those of the connection", async () => {
    const { origin } = await serve((_req, res) => {
      const list = ["set-cookie", "a=1", "set-cookie", "b=2", "x-hop", "1", "keep-alive", "timeout=9", "x-kept", "é"];
      res.writeHead(200, [...list, "connection", "x-hop", "apigw-requestid", "spoofed", "content-length", "0"]).end();
    });
    const { headers } = await (await running(any, viaBalancer(origin))).get("/a");
    assert.deepEqual(headers["set-cookie"], ["a=1", "b=2"]);
    assert.equal(headers["x-hop"], undefined);
    assert.equal(headers["x-kept"], "é");
    assert.match(headers["apigw-requestid"], /^[\w-]{15}=$/);
  });

  it("answers HEAD, 204 and 304 without a body", async () => {
    const { origin } = await serve((req, res) => {
      if (req.url === "/none") res.writeHead(204).end();
      else res.writeHead(req.method === "HEAD" ? 200 : 304, { "content-length": 5 }).end();
    });
    const gateway = await running(any, viaBalancer(origin));
    const head = await gateway.send("HEAD", "/a");
    assert.deepEqual([head.status, head.headers["content-length"], head.text], [200, "5", ""]);
    const unchanged = await raw(gateway.port, "GET /a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert.match(unchanged, /^HTTP\/1\.1 304 Not Modified\r\ncontent-length: 5\r\n[\s\S]*\r\n\r\n$/);
    assert.equal((await gateway.get("/none")).status, 204);
    assert.equal(gateway.compute.done, 3);
  });

  describe("headers to the backend", () => {
    const spoofed = {
      "x-forwarded-for": "6.6.6.6",
      "x-forwarded-host": "evil.example.com",
      forwarded: "for=6.6.6.6",
      via: "evil",
      "x-amzn-trace-id": "evil",
      "x-amzn-oidc-identity": "admin",
      "X-Request-Id": "evil",
      "x-mine": "kept",
    };

    it("are the gateway's own where a client could lie", async () => {
      const { origin, received } = await recorder();
      const gateway = await running({ ...any, domains: ["api.example.com"] }, viaBalancer(origin));
      const answer = await gateway.get("/a", { ...spoofed, host: "api.example.com" });
      const { headers } = received[0]!;
      assert.equal(headers["forwarded"], "for=127.0.0.1;host=api.example.com;proto=https");
      assert.equal(headers["via"], "HTTP/1.1 AmazonAPIGateway");
      assert.match(
        String(headers["x-amzn-trace-id"]),
        /^Self=1-[0-9a-f]{8}-[0-9a-f]{24};Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/,
      );
      assert.equal(headers["x-request-id"], answer.headers["apigw-requestid"]);
      assert.equal(headers["x-amzn-oidc-identity"], undefined);
      assert.equal(headers["x-forwarded-host"], undefined);
      assert.equal(headers["x-mine"], "kept");
      assert.equal(headers["host"], "api.example.com");
    });

    it("say that there is no body, for every method, as API Gateway does", async () => {
      const { origin, received } = await recorder();
      const gateway = await running(any, viaBalancer(origin));
      const head = (method: string) => `${method} /a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
      const methods = ["GET", "DELETE", "OPTIONS", "POST", "PUT", "HEAD"];
      for (const method of methods) assert.match(await raw(gateway.port, head(method)), /^HTTP\/1\.1 200 /);
      await gateway.send("POST", "/a", { body: "abc" });
      assert.deepEqual(
        received.map(({ method, headers, rawHeaders }) => [
          method,
          headers["content-length"],
          rawHeaders.filter((name) => name.toLowerCase() === "content-length").length,
        ]),
        [...methods.map((method) => [method, "0", 1]), ["POST", "3", 1]],
      );
    });

    it("come from the balancer where there is one", async () => {
      const { origin, received } = await recorder();
      const gateway = await running(any, viaBalancer(origin));
      await gateway.get("/a", spoofed);
      gateway.compute.choice = viaDiscovery(origin);
      await gateway.get("/a", spoofed);
      const of = ({ headers }: any) => ["for", "port", "proto"].map((name) => headers[`x-forwarded-${name}`]);
      assert.deepEqual(received.map(of), [
        ["127.0.0.1", "8081", "http"],
        [undefined, undefined, undefined],
      ]);
    });

    it("do not have those of the connection, nor those that Connection names", async () => {
      const { origin, received } = await recorder();
      const gateway = await running(any, viaBalancer(origin));
      const lines = ["Connection: close, X-Secret", "X-Secret: 1", "TE: trailers", "Upgrade: h2c", "Keep-Alive: 5"];
      await raw(gateway.port, `GET /a HTTP/1.1\r\nHost: localhost\r\n${lines.join("\r\n")}\r\nX-Kept: 2\r\n\r\n`);
      const { headers } = received[0]!;
      assert.deepEqual(
        [headers["x-secret"], headers["te"], headers["upgrade"], headers["x-kept"]],
        [undefined, undefined, undefined, "2"],
      );
    });

    it("are mapped as planned, from the context or fixed text", async () => {
      const { origin, received } = await recorder();
      const requestParameters = {
        // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how AWS writes it
        "overwrite:header.X-Stage": "stage ${context.stage} of $context.apiId",
        "append:header.x-list": "gateway",
        "remove:header.cookie": "''",
        "overwrite:header.x-claim": "$context.authorizer.claims.sub",
      };
      const gateway = await running(
        { routes: [{ key: "GET /a", integration: { requestParameters } }] },
        viaBalancer(origin),
      );
      await gateway.get("/a", { "x-stage": "evil", "x-list": "client", cookie: "a=b", "x-claim": "evil" });
      const { headers } = received[0]!;
      assert.match(String(headers["x-stage"]), /^stage \$default of [a-p]{10}$/);
      assert.equal(headers["x-list"], "client, gateway");
      assert.deepEqual([headers["cookie"], headers["x-claim"]], [undefined, undefined]);
    });
  });

  describe("limits", () => {
    it("answers 413 to an announced body over 10 MB without asking the backend", async () => {
      const gateway = await running(any);
      const head = `POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${10 * megabyte + 1}\r\n\r\n`;
      const answer = await raw(gateway.port, head);
      assert.match(answer, /^HTTP\/1\.1 413 /);
      assert.ok(answer.endsWith('{"message":"Request Entity Too Large"}'));
      assert.equal(gateway.compute.picked.length, 0);
    });

    it("answers 413 to a chunked body over 10 MB, and shows the backend none of it", async () => {
      const { origin, received } = await recorder();
      const gateway = await running(any, viaBalancer(origin));
      const body = async function* () {
        for (let i = 0; i < 11; i++) yield Buffer.alloc(megabyte);
      };
      const answer = await gateway.send("POST", "/a", { body: Readable.from(body()) });
      assert.deepEqual([answer.status, answer.text], [413, '{"message":"Request Entity Too Large"}']);
      assert.equal(received.length, 0);
    });

    it("passes a chunked body of 10 MB on with its length", async () => {
      const { origin, received } = await recorder();
      const gateway = await running(any, viaBalancer(origin));
      const body = Readable.from([Buffer.alloc(5 * megabyte), Buffer.alloc(5 * megabyte)]);
      assert.equal((await gateway.send("POST", "/a", { body })).status, 200);
      assert.equal(received[0]!.headers["content-length"], String(10 * megabyte));
    });

    it("answers 431 to a request line and headers over 10,240 bytes", async () => {
      const { origin } = await recorder();
      const gateway = await running(any, viaBalancer(origin));
      const taken = "GET /a HTTP/1.1".length + `localhost:${gateway.port}`.length + "keep-alive".length;
      const headers = { host: `localhost:${gateway.port}` };
      assert.equal((await gateway.get("/a", { ...headers, x: "a".repeat(10_240 - taken) })).status, 200);
      const over = await gateway.get("/a", { ...headers, x: "a".repeat(10_241 - taken) });
      assert.deepEqual([over.status, over.text], [431, '{"message":"Request Header Fields Too Large"}']);
      assert.match(await raw(gateway.port, `GET /a HTTP/1.1\r\nX: ${"a".repeat(70_000)}\r\n\r\n`), /^HTTP\/1\.1 431 /);
    });

    it("answers 500 instead of an answer over 10 MB, and cuts one it began", async () => {
      const { origin } = await serve((req, res) => {
        const headers = req.url === "/a" ? { "content-length": 11 * megabyte } : {};
        res.writeHead(200, headers).end(Buffer.alloc(11 * megabyte));
      });
      const gateway = await running(any, viaBalancer(origin));
      assert.equal((await gateway.get("/a")).status, 500);
      await assert.rejects(gateway.get("/b"));
    });
  });

  describe("failures", () => {
    const refused = "http://127.0.0.1:9";

    it("are 503 when the integration takes too long, and end the request upstream", async () => {
      let closed = false;
      const { origin } = await serve((req) => void req.once("close", () => (closed = true)));
      const gateway = await running(quick, viaBalancer(origin));
      const { status, text } = await gateway.get("/a");
      assert.deepEqual([status, text], [503, unavailable]);
      await sleep(20);
      assert.deepEqual([closed, gateway.compute.done], [true, 1]);
    });

    it("cut an answer that began and takes too long", async () => {
      const { origin } = await serve((_req, res) => void res.writeHead(200).write("part"));
      const gateway = await running(quick, viaBalancer(origin));
      await assert.rejects(gateway.get("/a"));
      assert.equal(gateway.compute.done, 1);
    });

    it("are the balancer's own pages behind a balancer", async () => {
      const gateway = await running(any, viaBalancer(refused));
      const broken = await gateway.get("/a");
      assert.deepEqual(
        [broken.status, broken.headers["server"], broken.headers["content-type"]],
        [502, "awselb/2.0", "text/html"],
      );
      assert.match(broken.text, /<h1>502 Bad Gateway<\/h1>/);
      gateway.compute.choice = { kind: "none", via: "balancer" };
      const none = await gateway.get("/a");
      assert.equal(none.status, 503);
      assert.match(none.text, /<h1>503 Service Temporarily Unavailable<\/h1>/);
    });

    it("are the gateway's 503 behind Cloud Map", async () => {
      const gateway = await running(any, viaDiscovery(refused));
      for (const choice of [viaDiscovery(refused), { kind: "none", via: "discovery" } as const]) {
        gateway.compute.choice = choice;
        const { status, text } = await gateway.get("/a");
        assert.deepEqual([status, text], [503, unavailable]);
      }
    });

    for (const [fact, bytes] of [
      ["closed without an answer", ""],
      ["garbage instead of HTTP", "hello\r\n\r\n"],
      ["an answer cut in its head", "HTTP/1.1 200 OK\r\ncontent-le"],
      ["a header that ends the line", "HTTP/1.1 200 OK\r\nx: a\rb\r\ncontent-length: 0\r\n\r\n"],
    ] as const) {
      it(`are 502 and no second attempt on ${fact}`, async () => {
        const { origin, count } = await bytesServer(bytes);
        const gateway = await running(any, viaBalancer(origin));
        for (const method of ["GET", "PUT"]) assert.equal((await gateway.send(method, "/a")).status, 502);
        assert.deepEqual([count(), gateway.compute.done], [2, 2]);
      });
    }

    it("never pass a part for the whole", async () => {
      const { origin } = await bytesServer("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf");
      const gateway = await running(any, viaBalancer(origin));
      await assert.rejects(gateway.get("/a"));
    });

    it("are cancelled upstream when the client goes away", async () => {
      let closed = 0;
      const { origin } = await serve((req) => void req.once("close", () => closed++));
      const gateway = await running(any, viaBalancer(origin));
      const client = connect(gateway.port, "127.0.0.1");
      client.write("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
      await sleep(50);
      client.destroy();
      await sleep(50);
      assert.deepEqual([closed, gateway.compute.done], [1, 1]);
      assert.deepEqual(
        gateway.access.map((line) => [JSON.parse(line).status, JSON.parse(line).ip]),
        [["-", "127.0.0.1"]],
      );
    });

    it("are 500 and said in the log when nothing planned answers", async () => {
      const gateway = await running(any);
      gateway.compute.pickServer = () => {
        throw new Error("no planned target");
      };
      const { status, text } = await gateway.get("/a");
      assert.deepEqual([status, text], [500, '{"message":"Internal Server Error"}']);
      assert.deepEqual(gateway.logs, ["gateway: ANY /{proxy+} failed: no planned target"]);
    });
  });

  describe("hostile requests", () => {
    const request = (line: string, ...headers: string[]) =>
      `${[line, "Host: localhost", ...headers].join("\r\n")}\r\n\r\n`;
    const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);

    for (const path of [
      "//evil/x",
      "/\\evil",
      "/a/%2e%2e/b",
      "/a/../b",
      "/..%2f",
      "/%252f",
      "/%00",
      "/%ff",
      "/%zz",
      "/@evil",
      "/.evil",
      "/a?b=//c#d",
    ]) {
      it(`reach the chosen server as they are: ${path}`, async () => {
        const { origin, received } = await recorder();
        const gateway = await running({ routes: [{ key: "$default" }] }, viaBalancer(origin));
        assert.equal(statusOf(await raw(gateway.port, request(`GET ${path} HTTP/1.1`, "Connection: close"))), 200);
        assert.deepEqual(
          received.map(({ url }) => url),
          [path],
        );
      });
    }

    for (const [fact, bytes, status] of [
      ["an absolute URI", request("GET http://evil.example.com/ HTTP/1.1", "Connection: close"), 400],
      ["a path without slash", request("GET \\evil HTTP/1.1", "Connection: close"), 400],
      ["an asterisk", request("OPTIONS * HTTP/1.1", "Connection: close"), 400],
      [
        "Content-Length with Transfer-Encoding",
        `${request("POST /a HTTP/1.1", "Content-Length: 5", "Transfer-Encoding: chunked")}0\r\n\r\n`,
        400,
      ],
      ["two Content-Lengths", request("POST /a HTTP/1.1", "Content-Length: 0", "Content-Length: 5"), 400],
      ["a Transfer-Encoding that is not chunked", request("POST /a HTTP/1.1", "Transfer-Encoding: xchunked"), 400],
      ["a bad chunk size", `${request("POST /a HTTP/1.1", "Transfer-Encoding: chunked")}zz\r\n\r\n`, 400],
      ["a folded header", request("GET /a HTTP/1.1", "X: a", " b"), 400],
      ["a space before a colon", request("GET /a HTTP/1.1", "X : a"), 400],
      ["a NUL in a header", request("GET /a HTTP/1.1", "X: a\0b"), 400],
      ["two hosts", request("GET /a HTTP/1.1", "Host: evil.example.com", "Connection: close"), 400],
      ["no host", "GET /a HTTP/1.1\r\nConnection: close\r\n\r\n", 400],
      ["a strange host", "GET /a HTTP/1.1\r\nHost: evil.example.com\r\nConnection: close\r\n\r\n", 403],
      [
        "a host that begins like ours",
        "GET /a HTTP/1.1\r\nHost: localhost.example.com\r\nConnection: close\r\n\r\n",
        403,
      ],
      ["a user in the host", "GET /a HTTP/1.1\r\nHost: localhost@evil.example.com\r\nConnection: close\r\n\r\n", 403],
      ["no HTTP at all", "\x16\x03\x01\0\0\r\n\r\n", 400],
    ] as const) {
      it(`are refused with ${status}: ${fact}`, async () => {
        const { origin, received } = await recorder();
        const gateway = await running(any, viaBalancer(origin));
        const answer = await raw(gateway.port, bytes);
        assert.equal(statusOf(answer), status, answer);
        assert.ok(!answer.includes("evil"));
        assert.equal(received.length, 0);
      });
    }

    it("are one request each, whatever follows them", async () => {
      const { origin, received } = await recorder();
      const gateway = await running(any, viaBalancer(origin));
      const hidden = request("GET /hidden HTTP/1.1");
      await raw(
        gateway.port,
        `${request("POST /a HTTP/1.1", `Content-Length: ${hidden.length}`, "Connection: close")}${hidden}`,
      );
      assert.deepEqual(
        received.map(({ url, body }) => [url, body.toString()]),
        [["/a", hidden]],
      );
    });

    it("wait for a continue and send it nowhere", async () => {
      const { origin, received } = await recorder();
      const gateway = await running(any, viaBalancer(origin));
      const head = request("POST /a HTTP/1.1", "Content-Length: 2", "Expect: 100-continue", "Connection: close");
      assert.match(await raw(gateway.port, `${head}hi`), /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
      assert.equal(received[0]!.headers["expect"], undefined);
    });

    it("with thousands of headers lose none of them", async () => {
      const gateway = await running({ routes: [{ key: "$default", to: "function" }] });
      const many = Array.from({ length: 2_500 }, (_, i) => `h${i}: 1`);
      await raw(gateway.port, request("GET /a HTTP/1.1", ...many, "X-Last: kept", "Connection: close"));
      assert.equal(gateway.compute.events[0].headers["x-last"], "kept");
    });

    it("that go wrong after their answer get no second one", async () => {
      const gateway = await running({ routes: [{ key: "GET /a" }] });
      const client = connect(gateway.port, "127.0.0.1");
      let answer = "";
      client.on("data", (chunk) => {
        answer += chunk;
      });
      client.write(request("POST /a HTTP/1.1", "Transfer-Encoding: chunked"));
      await sleep(40);
      client.write("zz\r\n");
      await once(client, "close");
      assert.deepEqual(answer.match(/HTTP\/1\.1 \d+/g), ["HTTP/1.1 404"]);
    });

    it("that stop in the middle get no answer", async () => {
      const gateway = await running(any);
      assert.equal(await raw(gateway.port, "GET /a HTTP/1.1\r\nHost: local"), "");
    });
  });
});

/** A server that answers every connection's first bytes with these, and closes. */
async function bytesServer(bytes: string): Promise<{ origin: string; count: () => number }> {
  let requests = 0;
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => {
      requests += 1;
      socket.end(bytes);
    });
  });
  server.listen(0, "127.0.0.1").unref();
  await once(server, "listening");
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, count: () => requests };
}
