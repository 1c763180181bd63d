import assert from "node:assert/strict";
import type { ForwardedEvent } from "../../../apps/forwarder/event";
import { maxRequestBytes, outgoingRequest } from "../../../apps/forwarder/event";
import { HttpError } from "../../../apps/kit/errors";
import { restEvent, targets, withHeaders } from "./helpers";

const sent = (event: ForwardedEvent, trace?: string) => outgoingRequest(event, targets, trace);

/** Status and code of a refusal. */
function refusal(event: ForwardedEvent): string {
  try {
    sent(event);
  } catch (error) {
    assert.ok(error instanceof HttpError, String(error));
    return `${error.status} ${error.code}`;
  }
  return "sent";
}

describe("requests of the forwarder", () => {
  it("go to the target of the route's first segment, which no client chooses", () => {
    assert.deepEqual(sent(restEvent()).target, { namespace: "dev.internal", service: "food-store" });
    const event = restEvent({ resource: "/pet-store/pets/{id}", path: "/food-store/foods/1" });
    assert.deepEqual(sent(event).target, { namespace: "dev.internal", service: "pets" });
    for (const resource of ["/other/{id}", "/{proxy+}", "/", "", "/__proto__/x", "/constructor"]) {
      assert.equal(refusal(restEvent({ resource })), "404 not_found", resource);
    }
  });

  it("have the client's path as it came, and no path that could lead elsewhere", () => {
    const raw = [
      "//evil.example/x",
      "/@evil.example",
      "/.evil.example",
      "/x@evil.example/",
      "/a/..%2fb",
      "/%252f",
      "/%252e%252e/x",
      "/%00",
      "/a%20b/%E2%82%AC",
      "/a:80/b;c=d,e!f*'()",
      "/http://evil.example/",
      "/a//b/",
    ];
    for (const path of raw) assert.equal(sent(restEvent({ path })).path, path);
    const refused = [
      "",
      "x",
      "http://evil.example/x",
      "https:evil.example",
      "evil.example/x",
      "@evil.example/x",
      ".evil.example/x",
      ":80/x",
      "\\\\evil.example",
      "/\\evil.example",
      "/a\\..\\b",
      "/%5c%5cevil.example",
      "/a/../b",
      "/a/./b",
      "/a/%2e%2e/b",
      "/a/.%2E/b",
      "/%2e/b",
      "/%ff",
      "/%zz",
      "/%",
      "/a b",
      "/a\tb",
      "/a\r\nx-evil: 1",
      "/a\0b",
      "/é",
      "/a?x=1",
      "/a#b",
    ];
    for (const path of refused) assert.equal(refusal(restEvent({ path })), "400 invalid_path", JSON.stringify(path));
  });

  it("have the client's query, encoded again", () => {
    const query = (multiValueQueryStringParameters: object | null) =>
      sent(restEvent({ multiValueQueryStringParameters })).path.slice("/food-store/foods/1".length);
    assert.equal(query(null), "");
    assert.equal(query({}), "");
    assert.equal(query({ a: ["1", "2"], b: [""] }), "?a=1&a=2&b=");
    assert.equal(query({ "a&b": ["c=d&e", "x y+z", "#\r\n"] }), "?a%26b=c%3Dd%26e&a%26b=x%20y%2Bz&a%26b=%23%0D%0A");
    assert.equal(query({ "€": ["/../"] }), "?%E2%82%AC=%2F..%2F");
    assert.equal(refusal(restEvent({ multiValueQueryStringParameters: { a: ["\ud800"] } })), "400 invalid_query");
    assert.equal(refusal(restEvent({ multiValueQueryStringParameters: { "\udfff": [""] } })), "400 invalid_query");
  });

  it("have a method of HTTP", () => {
    for (const httpMethod of ["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"]) {
      assert.equal(sent(restEvent({ httpMethod })).method, httpMethod);
    }
    for (const httpMethod of ["CONNECT", "TRACE", "get", "", "GET /", "GET\r\n"]) {
      assert.equal(refusal(restEvent({ httpMethod })), "405 method_not_allowed", httpMethod);
    }
  });

  it("have the platform's headers in place of a client's own", () => {
    const spoofed = {
      Host: "evil.example",
      "X-Forwarded-Host": "evil.example",
      "X-Forwarded-For": ["203.0.113.9", "203.0.113.9, 192.0.2.7"],
      "X-Forwarded-Proto": "http",
      "X-Forwarded-Port": "80",
      "X-Forwarded-Server": "evil.example",
      Forwarded: "for=203.0.113.9;host=evil.example",
      "X-Real-IP": "203.0.113.9",
      "X-Tenant-Id": "other",
      "x-tenant-tier": "premium",
      "X-Subject": "root",
      x_tenant_id: "other",
      "X_Forwarded-For": "203.0.113.9",
      "X-Request-Id": "1",
      "X-Amzn-Trace-Id": "Root=1-00000000-000000000000000000000000",
      "x-amzn-oidc-identity": "root",
      "X-Amzn-RequestId": "1",
      Via: "1.1 evil.example",
      "Content-Length": "999",
    };
    assert.deepEqual(sent(withHeaders(spoofed, { requestContext: {} })).headers, {
      "x-forwarded-port": ["443"],
      "x-forwarded-proto": ["https"],
    });
    assert.deepEqual(sent(withHeaders(spoofed), "Root=1-1;Sampled=1").headers, {
      "x-forwarded-for": ["192.0.2.7"],
      "x-forwarded-port": ["443"],
      "x-forwarded-proto": ["https"],
      "x-request-id": ["3f1b2a33-4455-4667-8899-aabbccddeeff"],
      "x-subject": ["ann"],
      "x-tenant-id": ["acme"],
      "x-amzn-trace-id": ["Root=1-1;Sampled=1"],
    });
  });

  it("have no tenant without the authorizer's, and none that is no plain name", () => {
    const tenantOf = (authorizer: unknown) => {
      const requestContext = { ...restEvent().requestContext, authorizer };
      return sent(withHeaders({ "x-tenant-id": "other" }, { requestContext })).headers["x-tenant-id"];
    };
    assert.deepEqual(tenantOf({ tenant: "acme" }), ["acme"]);
    for (const authorizer of [null, undefined, {}, { tenant: "*" }, { tenant: "a\r\nb" }, { tenant: ["acme"] }]) {
      assert.equal(tenantOf(authorizer), undefined, JSON.stringify(authorizer));
    }
  });

  it("have no header of the client's connection, and none that Connection names", () => {
    const headers = {
      Connection: ["keep-alive, X-Secret", " x-other ,close"],
      "X-Secret": "1",
      "x-other": "2",
      "Keep-Alive": "timeout=5",
      "Proxy-Authorization": "Basic x",
      "Proxy-Authenticate": "Basic",
      "Proxy-Connection": "close",
      TE: "trailers",
      Trailer: "Expires",
      "Transfer-Encoding": "chunked",
      Upgrade: "websocket",
      Expect: "100-continue",
      Accept: ["text/html", "application/json"],
      Cookie: "a=1; b=2",
    };
    const { accept, cookie, ...others } = sent(withHeaders(headers)).headers;
    assert.deepEqual([accept, cookie], [["text/html", "application/json"], ["a=1; b=2"]]);
    assert.deepEqual(
      Object.keys(others).filter((name) => !/^x-(subject$|(forwarded|request|tenant)-)/.test(name)),
      [],
    );
    // A client cannot have the platform's own removed.
    assert.deepEqual(sent(withHeaders({ Connection: "x-tenant-id, x-forwarded-for" })).headers["x-tenant-id"], [
      "acme",
    ]);
  });

  it("are refused with both Content-Length and Transfer-Encoding", () => {
    const both = { "Content-Length": "5", "transfer-encoding": "chunked" };
    assert.equal(refusal(withHeaders(both)), "400 invalid_headers");
    assert.equal(refusal(withHeaders({ ...both, Connection: "content-length" })), "400 invalid_headers");
    assert.equal(refusal(withHeaders({ "Content-Length": "5" })), "sent");
  });

  it("are refused with a header that would be two, or is none", () => {
    for (const value of ["a\r\nx: y", "a\nb", "a\0", "\u007f", "é€", "\ud800"]) {
      assert.equal(refusal(withHeaders({ "x-a": value })), "400 invalid_headers", JSON.stringify(value));
    }
    for (const name of ["", "a b", "a:b", "a\r\nb", "é"]) {
      assert.equal(refusal(withHeaders({ [name]: "1" })), "400 invalid_headers", JSON.stringify(name));
    }
    assert.equal(refusal(withHeaders({ "x-a": "caf\xe9\t", __proto__: "1", constructor: "2" })), "sent");
  });

  it("have the client's traceparent when it is valid, and the tracestate with it", () => {
    const traceOf = (traceparent: string | string[]) => {
      const { headers } = sent(withHeaders({ traceparent, tracestate: "a=1" }));
      return [headers["traceparent"], headers["tracestate"]];
    };
    const valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    assert.deepEqual(traceOf(valid), [[valid], ["a=1"]]);
    const zero = "0".repeat(32);
    const wrong = [
      "x",
      "",
      valid.toUpperCase(),
      `${valid}-00`,
      valid.replace("0af7651916cd43dd8448eb211c80319c", zero),
      valid.replace("b7ad6b7169203331", "0".repeat(16)),
      valid.replace(/^00/, "ff"),
      [valid, valid],
    ];
    for (const each of wrong) assert.deepEqual(traceOf(each), [undefined, undefined], String(each));
    assert.equal(sent(withHeaders({ tracestate: "a=1" })).headers["tracestate"], undefined);
  });

  it("read headers of events that have single values only", () => {
    const { headers } = sent(restEvent({ multiValueHeaders: null, headers: { Accept: "a", "X-Tenant-Id": "other" } }));
    assert.deepEqual([headers["accept"], headers["x-tenant-id"]], [["a"], ["acme"]]);
  });

  it("have the exact bytes of the body", () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    assert.deepEqual(sent(restEvent({ body: bytes.toString("base64"), isBase64Encoded: true })).body, bytes);
    assert.deepEqual(sent(restEvent({ body: "é€\0" })).body, Buffer.from("é€\0"));
    assert.deepEqual(sent(restEvent({ body: "" })).body, Buffer.alloc(0));
    assert.equal(sent(restEvent({ body: null })).body, undefined);
  });

  it("are refused with a body that is no base64", () => {
    for (const body of ["%%%", "YQ", "YQ=", "YQ==\n", "Y Q==", "YR==", "-_-_", "YWJj=", "é"]) {
      assert.equal(refusal(restEvent({ body, isBase64Encoded: true })), "400 invalid_body", JSON.stringify(body));
    }
  });

  it("are refused with a body over 4 MiB", () => {
    const most = Buffer.alloc(maxRequestBytes, "a");
    assert.equal(sent(restEvent({ body: most.toString() })).body!.length, maxRequestBytes);
    assert.equal(refusal(restEvent({ body: `${most}a` })), "413 payload_too_large");
    const base64 = Buffer.alloc(maxRequestBytes + 1).toString("base64");
    assert.equal(refusal(restEvent({ body: base64, isBase64Encoded: true })), "413 payload_too_large");
    assert.ok(Math.ceil(maxRequestBytes / 3) * 4 + 64 * 1_024 < 6_000_000, "fits into an event of 6 MB");
  });
});
