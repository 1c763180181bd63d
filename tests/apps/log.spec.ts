import assert from "node:assert/strict";
import fc from "fast-check";
import { createLogger } from "../../apps/kit/log";
import { harness, samples } from "./helpers/services";

function logged(fields: Record<string, unknown>, message = "m"): string {
  const lines: string[] = [];
  createLogger({ service: "s", write: (line) => lines.push(line) }).info(message, fields);
  assert.equal(lines.length, 1);
  return lines[0]!;
}

describe("log", () => {
  const food = samples[0]!;

  it("has one line a request, with the route and never the path", async () => {
    const { put, get, lines } = harness(food);
    await put("a-1");
    await get("/food-store/foods/a-1");
    await get("/etc/passwd");
    const shown = lines.map((line) => JSON.parse(line));
    assert.deepEqual(
      shown.map(({ service, level, msg, method, route, status }) => [service, level, msg, method, route, status]),
      [
        ["food-store", "info", "request", "PUT", "/food-store/foods/{id}", 200],
        ["food-store", "info", "request", "GET", "/food-store/foods/{id}", 200],
        ["food-store", "info", "request", "GET", "unmatched", 404],
      ],
    );
    assert.ok(shown.every(({ ms }) => typeof ms === "number"));
  });

  it("carries the caller's request id, and answers it", async () => {
    const { get, lines } = harness(food);
    const response = await get("/food-store/foods/a", { "x-request-id": "JKJaXmPLvHcESHA=" });
    assert.equal(response.headers.get("x-request-id"), "JKJaXmPLvHcESHA=");
    assert.equal(JSON.parse(lines[0]!).requestId, "JKJaXmPLvHcESHA=");
    await get("/food-store/foods/a", { "apigw-requestid": "gateway-1" });
    assert.equal(JSON.parse(lines[1]!).requestId, "gateway-1");
  });

  it("makes up a request id where the given one could forge or flood it", async () => {
    const { get, lines } = harness(food);
    for (const id of ['"},{"level":"error', "a b", "\u001b[31m".slice(1), "x".repeat(129), "<script>"]) {
      await get("/food-store/foods/a", { "x-request-id": id });
      assert.match(JSON.parse(lines.pop()!).requestId, /^[0-9a-f-]{36}$/);
    }
  });

  it("holds nothing of the credentials or the body of a request", async () => {
    const { app, lines } = harness(food);
    const headers = { authorization: "Bearer secret-1", cookie: "sid=secret-2", "x-api-key": "secret-3" };
    await app.request("/food-store/foods/secret-4?secret-5", {
      method: "PUT",
      headers: { ...headers, "content-type": "application/json" },
      body: '{"name":"secret-6"}',
    });
    assert.equal(lines.length, 1);
    assert.doesNotMatch(lines[0]!, /secret/);
  });

  it("redacts fields that name a secret, and bearer tokens in text", () => {
    const line = logged({ headers: { Authorization: "x1", "Set-Cookie": "x2" }, apiKey: "x3", note: "Bearer x4.y.z" });
    assert.doesNotMatch(line, /x[1-4]/);
  });

  it("cuts what is long, deep or wide", () => {
    let deep: unknown = "bottom";
    for (let level = 0; level < 100; level++) {
      deep = { deep };
    }
    const wide = Array.from({ length: 10_000 }, () => "x");
    const line = logged({ text: "x".repeat(1_000_000), deep, wide, ["k".repeat(100_000)]: 1 }, "m".repeat(1_000_000));
    assert.ok(line.length < 4_000, String(line.length));
    const shown = JSON.parse(line);
    assert.deepEqual(shown.deep, { deep: { deep: { deep: "[deeper]" } } });
    assert.equal(shown.wide.length, 32);
  });

  it("is one line of printable JSON whatever the values", () => {
    const hostile = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("\r\n", "\u001b[2J", '"}\n{"', "\u009b31m", "\u2028", "\u202e", "\ud800", "\u200b", "\ufeff"),
    );
    fc.assert(
      fc.property(fc.dictionary(hostile, hostile), hostile, (fields, message) => {
        const line = logged({ fields }, message);
        assert.match(line, /^\{[^\p{Cc}\p{Cs}\u2028\u2029\u200b-\u200f\u202a-\u202e\ufeff]*\}\n$/u);
        assert.equal(JSON.parse(line).level, "info");
      }),
      { numRuns: 300 },
    );
  });

  it("writes only what its level lets through", () => {
    const lines: string[] = [];
    const log = createLogger({ service: "s", level: "warn", write: (line) => lines.push(line) });
    log.debug("1");
    log.info("2");
    log.warn("3");
    log.error("4");
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).msg),
      ["3", "4"],
    );
  });
});
