import assert from "node:assert/strict";
import { createLogger } from "../../apps/kit/log";
import { currentTrace, inSpan, spanFields, traceFields, withTrace } from "../../apps/kit/trace";

const [id, parent] = ["0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"];
const sent = `00-${id}-${parent}-01`;

describe("the trace of a request", () => {
  it("is that of traceparent, else of the header that AWS's gateways and balancers send, else a new one", () => {
    const traceIdOf = (header?: string, aws?: string) => withTrace(header, aws, () => traceFields().traceId);
    const aws = "Self=1-67891234-12456789abcdef012345678;Root=1-67891233-abcdef012345678912345678";
    assert.equal(traceIdOf(sent, aws), id);
    assert.equal(traceIdOf(undefined, aws), "67891233abcdef012345678912345678");
    assert.equal(traceIdOf("00-not-one", aws), "67891233abcdef012345678912345678");
    for (const malformed of [undefined, "", "Root=1-1", "Root=2-67891233-abcdef012345678912345678"]) {
      assert.match(String(traceIdOf(undefined, malformed)), /^[0-9a-f]{32}$/);
    }
    assert.notEqual(traceIdOf(), traceIdOf());
  });

  it("has a span for what is called, below the one that is at work, with times from the request's start", async () => {
    await withTrace(sent, undefined, async () => {
      const server = traceFields().spanId!;
      const outer = await inSpan("outer", { "peer.service": "a" }, async () => {
        const own = traceFields().spanId!;
        assert.equal(currentTrace(), `00-${id}-${own}-01`);
        await inSpan(
          "inner",
          {},
          async () => 7,
          (result) => ({ result }),
        );
        return own;
      });
      const { parentSpanId, spans = [] } = spanFields();
      assert.equal(parentSpanId, parent);
      assert.equal(traceFields().spanId, server);
      const shown = spans.map(({ name, parentSpanId: of, ...rest }) => [
        name,
        of,
        rest["result"],
        rest["peer.service"],
      ]);
      assert.deepEqual(shown, [
        ["inner", outer, 7, undefined],
        ["outer", server, undefined, "a"],
      ]);
      for (const { startMs, ms } of spans) assert.ok(startMs >= 0 && ms >= 0 && startMs + ms < 1_000);
    });
  });

  it("has the kind of error of a call that fails, which fails as it did", async () => {
    await withTrace(sent, undefined, async () => {
      const failure = new TypeError("no");
      await assert.rejects(
        inSpan("call", {}, () => Promise.reject(failure)),
        failure,
      );
      assert.equal(spanFields().spans![0]!["error.type"], "TypeError");
    });
  });

  it("is passed on and not logged where its sender does not record it", async () => {
    await withTrace(sent.replace(/01$/, "00"), undefined, async () => {
      await inSpan("call", {}, async () => {});
      assert.deepEqual([traceFields(), spanFields()], [{}, {}]);
      assert.match(currentTrace()!, new RegExp(`^00-${id}-[0-9a-f]{16}-00$`));
    });
  });

  it("has at most 32 spans, and none mix with those of another request", async () => {
    const spansOf = (name: string, count: number) =>
      withTrace(undefined, undefined, async () => {
        for (let i = 0; i < count; i++) await inSpan(name, {}, () => new Promise(setImmediate));
        return spanFields().spans!.map((span) => span.name);
      });
    const [many, few] = await Promise.all([spansOf("a", 40), spansOf("b", 3)]);
    assert.deepEqual([many, few], [Array(32).fill("a"), Array(3).fill("b")]);
  });

  it("is in every line that is logged meanwhile", () => {
    const lines: any[] = [];
    const log = createLogger({ service: "a", write: (line) => lines.push(JSON.parse(line)) });
    withTrace(sent, undefined, () => log.info("within"));
    log.info("outside");
    assert.deepEqual(
      lines.map(({ msg, traceId }) => [msg, traceId]),
      [
        ["within", id],
        ["outside", undefined],
      ],
    );
  });
});
