import assert from "node:assert/strict";
import type { EndedRequest } from "../../../local/apigateway/ended-request";
import { type GatewayKind, Traces, traceIdOf } from "../../../local/console/traces";
import { waterfall } from "../../../local/console/waterfall";

const start = 1_700_000_000_000;
const hex = (i: number, length: number) => i.toString(16).padStart(length, "0");
const traceId = (i: number) => hex(i, 32);

function ended(i: number, change: Partial<EndedRequest> = {}): EndedRequest {
  return {
    ...{ id: `request-${i}`, method: "GET", path: "/food-store/foods/apple-1", route: "GET /food-store/foods/{id}" },
    ...{ uri: "arn:food-store", status: 200, startedAt: start, milliseconds: 10, traceparent: undefined },
    awsTrace: `Root=1-${hex(0, 8)}-${hex(i, 24)}`,
    steps: {
      authorizer: { startMs: 1, ms: 2 },
      integration: { startMs: 3, ms: 6, via: "balancer", origin: "http://127.0.0.1:7" },
    },
    ...change,
  };
}

const at = (i: number, change: Partial<EndedRequest> = {}, kind: GatewayKind = "http", service = "food-store") => ({
  ...{ region: "eu-west-1", kind, service },
  request: ended(i, change),
});

/** The line that the kits write of a request. */
const line = (id: string, more: object) =>
  JSON.stringify({
    time: new Date(start + 9).toISOString(),
    msg: "request",
    method: "GET",
    route: "/r",
    status: 200,
    ms: 5,
    ...more,
    traceId: id,
  });

describe("the console's traces", () => {
  it("have ids that services make of the same headers, and none where the client records none", () => {
    const id = "0af7651916cd43dd8448eb211c80319c";
    const header = `00-${id}-b7ad6b7169203331-01`;
    assert.equal(traceIdOf(ended(1, { traceparent: header })), id);
    assert.equal(traceIdOf(ended(1, { traceparent: header.replace(/01$/, "00") })), undefined);
    assert.equal(traceIdOf(ended(1, { traceparent: `${header}, ${header}` })), traceId(1));
    assert.equal(traceIdOf(ended(1, { awsTrace: "Root=x" })), undefined);
  });

  it("put the parts of a request below each other: gateway, authorizer, balancer, service, store, and called services", () => {
    const traces = new Traces();
    const log = traces.keeping(() => {});
    const [food, pet, store, call] = [hex(1, 16), hex(2, 16), hex(3, 16), hex(4, 16)];
    log("pet-store eu-west-1b", line(traceId(5), { service: "pet-store", spanId: pet, parentSpanId: call, ms: 1 }));
    traces.addRequest(
      at(
        9,
        { traceparent: `00-${traceId(5)}-${call}-01`, startedAt: start + 6, milliseconds: 3, steps: {} },
        "private",
        "pet-store",
      ),
    );
    const spans = [
      { name: "GetItem", spanId: store, parentSpanId: food, startMs: 1, ms: 0.5, "db.system.name": "aws.dynamodb" },
      { name: "GET /pets", spanId: call, parentSpanId: food, startMs: 2, ms: 2, "http.response.status_code": 503 },
    ];
    log("food-store eu-west-1a", line(traceId(5), { service: "food-store", spanId: food, spans }));
    traces.addRequest(at(5));
    const shown = waterfall(traces.find("request-5")!);
    assert.deepEqual(
      shown.map(({ depth, kind, where, startMs, failed }) => [depth, kind, where, startMs, failed]),
      [
        [0, "gateway", "http eu-west-1", 0, false],
        [1, "authorizer", "eu-west-1", 1, false],
        [1, "integration", "eu-west-1", 3, false],
        [2, "service", "food-store eu-west-1a", 4, false],
        [3, "call", "food-store eu-west-1a", 5, false],
        [3, "call", "food-store eu-west-1a", 6, true],
        [4, "gateway", "private eu-west-1", 6, false],
        [5, "service", "pet-store eu-west-1b", 8, false],
      ],
    );
    assert.equal(traces.find(traceId(5)), traces.find("request-9"));
  });

  it("are shown though a part is missing: a service that died, a line that is none", () => {
    const traces = new Traces();
    const log = traces.keeping(() => {});
    log("a eu-west-1a", `{"traceId":"${traceId(1)}" broken`);
    log("a eu-west-1a", line(traceId(1), { spanId: hex(1, 16), parentSpanId: hex(7, 16), service: "a" }));
    assert.deepEqual(
      waterfall(traces.find(traceId(1))!).map(({ depth, kind }) => [depth, kind]),
      [[0, "service"]],
    );
    assert.equal(traces.find("request-1"), undefined);
  });

  it("are limited, but keep the failed and the slowest ones longer", () => {
    let now = start;
    const traces = new Traces({ recent: 10, failed: 3, slow: 2 }, () => now);
    const slow = [40, 900, 800, 30];
    for (let i = 0; i < 100; i++) {
      const status = i < 5 ? 503 : 200;
      traces.addRequest(at(i, { status, milliseconds: slow[i - 10] ?? 10 }));
    }
    const ids = (choice: "recent" | "failed" | "slow", text = "") =>
      traces.list(choice, text, 100).map(({ requests }) => requests[0]!.request.id);
    assert.deepEqual(ids("recent").length, 10);
    assert.deepEqual(ids("failed"), ["request-4", "request-3", "request-2"]);
    assert.deepEqual(ids("slow"), ["request-11", "request-12"]);
    assert.deepEqual(ids("recent", "REQUEST-99"), ["request-99"]);
    assert.deepEqual(ids("recent", "nothing"), []);
    assert.ok(traces.find("request-2"));
    assert.equal(traces.find("request-20"), undefined);
    now += 300_001;
    traces.addRequest(at(200, { milliseconds: 1, startedAt: now }));
    assert.deepEqual(ids("slow"), ["request-200"]);
  });

  it("of a client that gives all requests one trace stay small", () => {
    const traces = new Traces();
    const log = traces.keeping(() => {});
    const traceparent = `00-${traceId(3)}-${hex(1, 16)}-01`;
    for (let i = 0; i < 500; i++) {
      traces.addRequest(at(i, { traceparent }));
      log("a eu-west-1a", line(traceId(3), { spanId: hex(i, 16) }));
    }
    const { requests, lines } = traces.find(traceId(3))!;
    assert.deepEqual([requests.length, lines.length], [64, 64]);
  });
});
