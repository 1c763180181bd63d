import assert from "node:assert/strict";
import { type Loss, lossRun } from "./helpers/loss-run";

/** Two counts of the same thing differ by chance; five runs are compared closely by `npm run soak -- dark`. */
const chance = (count: number) => 4 * Math.sqrt(count) + 10;

describe("control planes that are dark, while a zone and then the primary region is lost under load", function () {
  this.timeout(240_000);
  let up: Loss;
  let dark: Loss;

  before(async () => {
    up = await lossRun(false);
    dark = await lossRun(true, up.rate);
    for (const [name, { rate, zone, region, calls }] of Object.entries({ up, dark })) {
      console.log(`      ${name}: ${rate} requests a second, failed ${zone} and ${region}; ${JSON.stringify(calls)}`);
    }
  });

  it("cost the same failures as when they answer", () => {
    for (const part of ["zone", "region"] as const) {
      const most = 1.25 * up[part] + chance(up[part]);
      assert.ok(dark[part] <= most, `${part}: ${dark[part]} failed, ${up[part]} with control planes up`);
    }
  });

  it("let the other region answer everything in the end", () => {
    assert.deepEqual([up.last, dark.last], [0, 0]);
  });

  it("are asked by nothing that serves or fails over", () => {
    assert.deepEqual([dark.calls.serve.asked, dark.calls["fail over"].asked], [0, 0]);
  });

  it("refuse all that is asked, so that nothing starts", () => {
    const { asked, refused } = dark.calls.replace;
    assert.ok(asked > 0, "nothing asked for a server in the place of those that the zone had");
    assert.equal(refused, asked);
    assert.equal(dark.started, 0);
  });
});
