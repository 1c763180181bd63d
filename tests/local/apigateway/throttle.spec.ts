import assert from "node:assert/strict";
import fc from "fast-check";
import { TokenBucket } from "../../../local/apigateway/throttle";
import { recorder, running, stopAll, viaBalancer } from "./http/helpers/running";

const limits = fc.record({ rate: fc.integer({ min: 0, max: 50 }), burst: fc.integer({ min: 0, max: 50 }) });
const gaps = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 });

describe("gateway: throttle", () => {
  afterEach(stopAll);

  it("admits at most burst + rate x time over any stretch, whatever the arrivals", () => {
    fc.assert(
      fc.property(limits, gaps, (limit, waits) => {
        const admitted = admittedAt(limit, waits);
        for (let from = 0; from < admitted.length; from++) {
          for (let to = from; to < admitted.length; to++) {
            const most = limit.burst + (limit.rate * (admitted[to]! - admitted[from]!)) / 1_000;
            assert.ok(to - from + 1 <= most + 1e-6, `${to - from + 1} admitted, ${most} allowed`);
          }
        }
      }),
    );
  });

  it("admits everything that stays within the rate", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }), (rate, burst) => {
        const waits = Array(100).fill(Math.ceil(1_000 / rate));
        assert.equal(admittedAt({ rate, burst }, waits).length, 100);
      }),
    );
  });

  it("answers 429 once the bucket of a route is empty, and none of its neighbours", async () => {
    const { origin } = await recorder();
    let now = 0;
    const clock = { wall: Date.now, monotonic: () => now };
    const routes = [{ key: "GET /a", limit: [2, 3] as const }, { key: "GET /b" }];
    const plan = { routes, stage: { defaultRouteSettings: { throttlingRateLimit: 1, throttlingBurstLimit: 1 } } };
    const gateway = await running(plan, viaBalancer(origin), { clock });
    const statuses = async (path: string, count: number) => {
      const answers = [];
      for (let i = 0; i < count; i++) answers.push(await gateway.get(path));
      return answers.map(({ status }) => status);
    };
    assert.deepEqual(await statuses("/a", 5), [200, 200, 200, 429, 429]);
    assert.deepEqual(await statuses("/b", 2), [200, 429]);
    now += 1_000;
    assert.deepEqual(await statuses("/a", 3), [200, 200, 429]);
    const { text, headers } = await gateway.get("/b").then(() => gateway.get("/b"));
    assert.equal(text, '{"message":"Too Many Requests"}');
    assert.match(headers["apigw-requestid"], /^[\w-]{15}=$/);
  });
});

function admittedAt(limit: { rate: number; burst: number }, waits: readonly number[]): number[] {
  let now = 0;
  const bucket = new TokenBucket(limit, () => now);
  return waits.flatMap((wait) => {
    now += wait;
    return bucket.take() ? [now] : [];
  });
}
