import assert from "node:assert/strict";
import fc from "fast-check";
import { capacityFor, targetUtilisation, utilisationCap } from "../../../infra/core/capacity";

const zones = fc.integer({ min: 2, max: 6 });
const peak = fc.integer({ min: 1, max: 1_000 });

describe("capacityFor", () => {
  it("is zones x ceil(peak / (zones - 1))", () => {
    const minima = [
      [2, 1],
      [2, 4],
      [3, 1],
      [3, 4],
      [3, 5],
      [4, 9],
    ].map(([z, p]) => capacityFor("food-store", z!, p!, 100).min);
    assert.deepEqual(minima, [2, 8, 3, 6, 9, 12]);
  });

  it("carries the peak with any one zone lost", () => {
    fc.assert(
      fc.property(zones, peak, (z, p) => {
        const { min } = capacityFor("food-store", z, p, 10_000);
        assert.equal(min % z, 0);
        assert.ok((min / z) * (z - 1) >= p);
      }),
    );
  });

  it("keeps no server more than needed in any zone", () => {
    fc.assert(
      fc.property(zones, peak, (z, p) => {
        const perZone = capacityFor("food-store", z, p, 10_000).min / z;
        assert.ok((perZone - 1) * (z - 1) < p);
      }),
    );
  });

  it("takes a maximum of 1.5 times the minimum, and refuses one less", () => {
    assert.deepEqual(capacityFor("food-store", 3, 5, 14), { min: 9, max: 14 });
    assert.throws(() => capacityFor("food-store", 3, 5, 13), {
      name: "RangeError",
      message:
        'service "food-store": capacity.max must be at least 14 (1.5 x the minimum of 9 for a peak of 5 over 3 zones), got 13; raise capacity.max or lower capacity.peak',
    });
  });

  it("refuses one zone, no peak and numbers that are not whole", () => {
    for (const [z, p, max] of [
      [1, 4, 12],
      [0, 4, 12],
      [3, 0, 12],
      [3, 1.5, 12],
      [3, Number.NaN, 12],
      [3, 4, Number.POSITIVE_INFINITY],
    ] as const) {
      assert.throws(() => capacityFor("food-store", z, p, max), RangeError, `${z} ${p} ${max}`);
    }
  });
});

describe("targetUtilisation", () => {
  it("stops at 45 % over two zones, 60 over three, 67 over four", () => {
    assert.deepEqual([2, 3, 4].map(utilisationCap), [45, 60, 67]);
  });

  it("is config's wish below the cap", () => {
    assert.equal(targetUtilisation("food-store", 3, 50), 50);
    assert.equal(targetUtilisation("food-store", 3, 75), 60);
  });

  it("leaves every other zone at 90 % or less when one is lost", () => {
    fc.assert(
      fc.property(zones, fc.integer({ min: 1, max: 100 }), (z, percent) => {
        assert.ok((targetUtilisation("food-store", z, percent) * z) / (z - 1) <= 90);
      }),
    );
  });

  it("refuses what is no percentage", () => {
    for (const percent of [0, -1, 101, Number.NaN]) {
      assert.throws(() => targetUtilisation("food-store", 3, percent), RangeError);
    }
  });
});
