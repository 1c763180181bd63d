import assert from "node:assert/strict";
import { readWrk } from "../../bench/local/load";
import { type Closed, type Fixed, median, problemsOf, table } from "../../bench/local/report";

const output = `Running 4s test @ http://127.0.0.1:39087/service-30/items/42
  1 threads and 50 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     3.83ms    2.01ms  40.11ms   91.20%
  Latency Distribution
     50%    3.60ms
     75%    4.10ms
     90%  950.00us
     99%    1.20s
  47712 requests in 4.00s, 17.61MB read
  Socket errors: connect 0, read 2, write 0, timeout 1
  Non-2xx or 3xx responses: 4
Requests/sec:  11924.12
Transfer/sec:      4.40MB
`;
const times = "0m0.001s 0m0.002s\n0m0.400s 0m0.600s\n";

describe("the bench of what answers requests here", () => {
  it("reads what wrk says, in milliseconds, with all that failed, and what it used itself", () => {
    assert.deepEqual(readWrk(output, times, 4), {
      ...{ perSecond: 11_924.12, p50: 3.6, p99: 1_200, failed: 7, generatorCores: 0.25 },
    });
    assert.throws(() => readWrk("unable to connect", times, 4), /wrk said no rate/);
  });

  const load = { p50: 1, p99: 2, failed: 0, generatorCores: 0.1 };
  const closedOf = (system: string, ...rates: number[]): Closed[] =>
    rates.map((perSecond) => ({ ...load, system, perSecond, cpuMicroseconds: 50, megabytes: 100 }));
  const fixedOf = (system: string, p99: number): Fixed => ({ ...load, system, perSecond: 1_000, p99 });
  const closed = (proxy: number, lambda: number) => [
    ...closedOf("raw undici proxy", 9_000, 10_000, 30_000),
    ...closedOf("gateway, proxy, JWT and log", proxy),
    ...closedOf("gateway, function, JWT and log", lambda),
    ...closedOf("serverless-offline 13, worker threads", 1_000),
    ...closedOf("serverless-offline 13, in process", 4_000),
  ];
  const fixed = (p99: number) => [fixedOf("raw undici proxy", 2), fixedOf("gateway, proxy, JWT and log", p99)];

  it("has medians, so that one fast or slow round decides nothing", () => {
    assert.equal(median(closed(9_000, 2_000), "raw undici proxy", "perSecond"), 10_000);
  });

  it("says what is slower than it has to be, each by its own limit", () => {
    assert.deepEqual(problemsOf(closed(8_500, 2_000), fixed(3)), []);
    assert.match(problemsOf(closed(8_400, 2_000), fixed(3)).join(), /^the proxy path must reach 0.85 .* got 0.84$/);
    assert.match(problemsOf(closed(8_500, 1_900), fixed(3)).join(), /^the function path must be 2 times .* got 1.9$/);
    assert.match(problemsOf(closed(8_500, 2_000), fixed(3.1)).join(), /^at half load .* got 1.10$/);
  });

  it("counts no rate that has other answers", () => {
    const [first, ...others] = closed(8_500, 2_000);
    assert.match(problemsOf([{ ...first!, failed: 3 }, ...others], fixed(2)).join(), /must answer 2xx only, got 3/);
  });

  it("prints a row for each system, with the range of its rates", () => {
    const text = table(closed(8_500, 2_000), fixed(2), 4_000);
    assert.match(text, /\| raw undici proxy \| 10,000 \(9,000 to 30,000\) \| 1\.0 \| 2\.0 \| 50 \| 100 \| 0\.10 \|/);
    assert.match(text, /0\.85 of the raw proxy's rate .*\n.* 2\.0 times .*, 0\.50 of its rate in process/);
  });
});
