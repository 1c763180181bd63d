import assert from "node:assert/strict";
import { functionResponse } from "../../../../local/apigateway/http/function-integration";
import { FunctionFailure } from "../../../../local/local-compute";
import { raw, running, stopAll } from "./helpers/running";

const internal = '{"message":"Internal Server Error"}';
const plan = {
  routes: [
    { key: "ANY /pets/{id}", to: "function" },
    { key: "ANY /all/{proxy+}", to: "function" },
    { key: "$default", to: "function" },
  ],
};

describe("gateway: function integration", () => {
  afterEach(stopAll);

  it("sends a payload 2.0 event", async () => {
    const gateway = await running({ ...plan, stage: { stageVariables: { color: "red" } } });
    const headers = [
      "Host",
      "localhost:1",
      "X-A",
      "1",
      "x-a",
      "2",
      "Cookie",
      "a=1; b=2",
      "User-Agent",
      "test",
      "X-Forwarded-For",
      "6.6.6.6",
      "content-type",
      "application/json",
    ];
    await gateway.send("POST", "/pets/a%20b?x=1&x=2&y=%26&z&p=1+2", { headers, body: '{"a":"ü"}' });
    const [event] = gateway.compute.events;
    const { requestContext, headers: sent, ...rest } = event;
    assert.deepEqual(rest, {
      version: "2.0",
      routeKey: "ANY /pets/{id}",
      rawPath: "/pets/a b",
      rawQueryString: "x=1&x=2&y=%26&z&p=1+2",
      cookies: ["a=1", "b=2"],
      queryStringParameters: { x: "1,2", y: "&", z: "", p: "1 2" },
      pathParameters: { id: "a b" },
      stageVariables: { color: "red" },
      body: '{"a":"ü"}',
      isBase64Encoded: false,
    });
    const { "x-amzn-trace-id": trace, ...others } = sent;
    assert.match(trace, /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    assert.deepEqual(others, {
      host: "localhost:1",
      "x-a": "1,2",
      "user-agent": "test",
      "content-type": "application/json",
      "content-length": "10",
      "x-forwarded-for": "6.6.6.6, 127.0.0.1",
      "x-forwarded-port": "443",
      "x-forwarded-proto": "https",
    });
    const { time, timeEpoch, requestId, apiId, ...context } = requestContext;
    assert.deepEqual(context, {
      accountId: "123456789012",
      domainName: "localhost",
      domainPrefix: "localhost",
      http: { method: "POST", path: "/pets/a b", protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "test" },
      routeKey: "ANY /pets/{id}",
      stage: "$default",
    });
    assert.match(time, /^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
    assert.ok(Math.abs(timeEpoch - Date.now()) < 5_000);
    assert.match(requestId, /=$/);
    assert.match(apiId, /^[a-p]{10}$/);
  });

  it("leaves out what the request does not have", async () => {
    const gateway = await running(plan);
    await gateway.get("/");
    const [event] = gateway.compute.events;
    assert.deepEqual(Object.keys(event).sort(), [
      ...["headers", "isBase64Encoded", "rawPath", "rawQueryString", "requestContext", "routeKey", "version"],
    ]);
    assert.deepEqual([event.routeKey, event.rawQueryString, event.headers["content-length"]], ["$default", "", "0"]);
    assert.equal(event.requestContext.authorizer, undefined);
  });

  it("holds a named stage in its paths, and only there", async () => {
    const gateway = await running({ ...plan, stages: ["v1", "$default"] });
    await gateway.get("/v1/pets/7");
    const [event] = gateway.compute.events;
    assert.deepEqual(
      [event.rawPath, event.requestContext.http.path, event.requestContext.stage, event.pathParameters],
      ["/v1/pets/7", "/v1/pets/7", "v1", { id: "7" }],
    );
  });

  it("does not decode paths twice, and leaves what it cannot decode", async () => {
    const gateway = await running(plan);
    for (const path of ["/all/%252e/%2F", "/all/%zz"]) await gateway.get(path);
    assert.deepEqual(
      gateway.compute.events.map((event) => [event.rawPath, event.pathParameters]),
      [
        ["/all/%2e//", { proxy: "%2e//" }],
        ["/all/%zz", { proxy: "%zz" }],
      ],
    );
  });

  it("cuts the path at a question mark that was encoded, as API Gateway does", async () => {
    const gateway = await running(plan);
    await gateway.get("/all/a%3Fb/c?x=1");
    const [{ rawPath, rawQueryString, requestContext }] = gateway.compute.events;
    assert.deepEqual([rawPath, requestContext.http.path, rawQueryString], ["/all/a", "/all/a", "x=1"]);
  });

  it("keeps names of object prototypes as data", async () => {
    const gateway = await running(plan);
    await gateway.get("/?__proto__=1&constructor=2", { ["__proto__x"]: "1" });
    const { queryStringParameters } = gateway.compute.events[0];
    assert.deepEqual(Object.entries(queryStringParameters), [
      ["__proto__", "1"],
      ["constructor", "2"],
    ]);
  });

  for (const [type, text] of [
    ["text/csv", true],
    ["application/json; charset=utf-8", true],
    ["APPLICATION/XML", true],
    ["application/javascript", true],
    [undefined, false],
    ["application/jsonp", false],
    ["application/vnd.api+json", false],
    ["application/x-www-form-urlencoded", false],
    ["image/png", false],
  ] as const) {
    it(`sends a body of type ${type} as ${text ? "text" : "base64"}`, async () => {
      const gateway = await running(plan);
      await gateway.send("POST", "/", { body: "hi ü", headers: type ? { "content-type": type } : {} });
      const { body, isBase64Encoded } = gateway.compute.events[0];
      assert.deepEqual(
        [body, isBase64Encoded],
        text ? ["hi ü", false] : [Buffer.from("hi ü").toString("base64"), true],
      );
    });
  }

  it("loses no byte of a body that calls itself text and is none", async () => {
    const gateway = await running(plan);
    await gateway.send("POST", "/", { body: Buffer.from([0xff, 0x00]), headers: { "content-type": "text/plain" } });
    assert.deepEqual([gateway.compute.events[0].body, gateway.compute.events[0].isBase64Encoded], ["/wA=", true]);
  });

  it("answers 413 to what Lambda would not take", async () => {
    const gateway = await running(plan);
    const body = Buffer.alloc(5 * 1024 * 1024, "x");
    assert.equal((await gateway.send("POST", "/", { body, headers: { "content-type": "x/y" } })).status, 413);
    assert.equal((await gateway.send("POST", "/", { body, headers: { "content-type": "text/plain" } })).status, 200);
    const escaped = Buffer.alloc(2 * 1024 * 1024); // "\u0000", six times as long in JSON
    assert.equal(
      (await gateway.send("POST", "/", { body: escaped, headers: { "content-type": "text/plain" } })).status,
      413,
    );
    assert.equal(gateway.compute.events.length, 1);
  });

  describe("answers", () => {
    async function answer(result: unknown) {
      const gateway = await running(plan);
      gateway.compute.result = () => {
        if (result instanceof Error) throw result;
        return result;
      };
      const { status, headers, text } = await gateway.get("/");
      return { status, text, type: headers["content-type"], headers };
    }

    it("with status, headers, cookies and body as given", async () => {
      const { status, text, headers } = await answer({
        statusCode: 201,
        headers: {
          "X-A": "1",
          "X-N": 2,
          "x-b": true,
          "Content-Length": "999",
          Connection: "close",
          "content-type": "a/b",
        },
        cookies: ["a=1", "b=2"],
        body: "ü",
      });
      assert.deepEqual([status, text, headers["x-a"], headers["x-n"], headers["x-b"]], [201, "ü", "1", "2", "true"]);
      assert.deepEqual(
        [headers["content-type"], headers["content-length"], headers["set-cookie"]],
        ["a/b", "2", ["a=1", "b=2"]],
      );
    });

    it("with bytes from base64", async () => {
      assert.deepEqual(
        functionResponse({ statusCode: 200, body: "/wA=", isBase64Encoded: true }).body,
        Buffer.from([0xff, 0]),
      );
    });

    it("as plain text where no type is given", async () => {
      const { status, type, text } = await answer({ statusCode: 404 });
      assert.deepEqual([status, type, text], [404, "text/plain; charset=utf-8", ""]);
    });

    it("without a body on 204", async () => {
      const { status, text, headers } = await answer({ statusCode: 204, body: "x" });
      assert.deepEqual([status, text, headers["content-length"]], [204, "", undefined]);
    });

    for (const [result, text] of [
      [{ name: "Nero" }, '{"name":"Nero"}'],
      ["plain", "plain"],
      ['{"a":', '{"a":'],
      [[1], "[1]"],
      [7, "7"],
      [null, "null"],
      [undefined, "null"],
    ] as const) {
      it(`200 and JSON around ${JSON.stringify(result)} as it is`, async () => {
        const answered = await answer(result);
        assert.deepEqual([answered.status, answered.type, answered.text], [200, "application/json", text]);
      });
    }

    for (const [fact, result] of Object.entries({
      "a status that is a word": { statusCode: "ok" },
      "a status as text with a sign": { statusCode: "+200" },
      "a body over 6 MB": { statusCode: 200, body: "x".repeat(6 * 1024 * 1024 + 1) },
      "no status": { statusCode: null },
      "a status below 200": { statusCode: 101 },
      "a status over 599": { statusCode: 600 },
      "half a status": { statusCode: 200.5 },
      "a body that is no text": { statusCode: 200, body: { a: 1 } },
      "headers as a list": { statusCode: 200, headers: ["a"] },
      "a header of objects": { statusCode: 200, headers: { a: {} } },
      "a header that ends the line": { statusCode: 200, headers: { a: "b\r\nset-cookie: c" } },
      "a header name that is none": { statusCode: 200, headers: { "a b": "c" } },
      "a cookie that ends the line": { statusCode: 200, cookies: ["a\r\nb: c"] },
      "cookies as text": { statusCode: 200, cookies: "a=b" },
      "bad base64": { statusCode: 200, body: "!", isBase64Encoded: true },
      "a base64 flag as text": { statusCode: 200, body: "aaaa", isBase64Encoded: "true" },
    })) {
      it(`500 to ${fact}`, async () => {
        const answered = await answer(result);
        assert.deepEqual([answered.status, answered.text], [500, internal]);
      });
    }

    for (const [reason, status] of [
      ["error", 500],
      ["timeout", 500],
      ["throttled", 503],
    ] as const) {
      it(`${status} to a function failure of kind ${reason}, without its message`, async () => {
        const answered = await answer(new FunctionFailure(reason, "secret"));
        assert.equal(answered.status, status);
        assert.match(answered.text, status === 500 ? /Internal Server Error/ : /Service Unavailable/);
        assert.ok(!answered.text.includes("secret"));
      });
    }

    it("503 when the integration takes too long", async () => {
      const gateway = await running({
        routes: [{ key: "GET /", to: "function", integration: { timeoutMilliseconds: 60 } }],
      });
      gateway.compute.result = () => new Promise(() => {});
      const { status, text } = await gateway.get("/");
      assert.deepEqual([status, text], [503, '{"message":"Service Unavailable"}']);
    });
  });

  it("keeps the next request apart from a body it did not want", async () => {
    const gateway = await running({ routes: [{ key: "GET /", to: "function" }] });
    const answer = await raw(
      gateway.port,
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbodyGET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    );
    assert.deepEqual(
      [...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status),
      ["404", "200"],
    );
  });
});
