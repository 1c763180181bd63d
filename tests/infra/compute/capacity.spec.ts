import assert from "node:assert/strict";
import fc from "fast-check";
import { leastMaximum, minimumServers, serverCapacity, utilisationCap } from "../../../infra/compute/capacity";

const zones = fc.integer({ min: 2, max: 6 });
const peak = fc.integer({ min: 1, max: 1_000 });

describe("minimumServers", () => {
  it("is zones x ceil(peak / (zones - 1))", () => {
    const minima = [
      [2, 1],
      [2, 4],
      [3, 1],
      [3, 4],
      [3, 5],
      [4, 9],
    ].map(([z, p]) => minimumServers(p!, z!));
    assert.deepEqual(minima, [2, 8, 3, 6, 9, 12]);
  });

  it("carries the peak with any one zone lost", () => {
    fc.assert(
      fc.property(zones, peak, (z, p) => {
        const min = minimumServers(p, z);
        assert.equal(min % z, 0);
        assert.ok((min / z) * (z - 1) >= p);
      }),
    );
  });

  it("keeps no server more than needed in any zone", () => {
    fc.assert(
      fc.property(zones, peak, (z, p) => {
        const perZone = minimumServers(p, z) / z;
        assert.ok((perZone - 1) * (z - 1) < p);
      }),
    );
  });
});

describe("serverCapacity", () => {
  it("takes the minimum from the peak and the maximum as configured", () => {
    assert.deepEqual(serverCapacity({ peak: 5, max: 14 }, 3), { min: 9, max: 14 });
  });
});

describe("leastMaximum", () => {
  it("is one and a half times the minimum, rounded up", () => {
    assert.deepEqual([2, 3, 9].map(leastMaximum), [3, 5, 14]);
  });
});

describe("utilisationCap", () => {
  it("stops at 45 % over two zones, 60 over three, 67 over four", () => {
    assert.deepEqual([2, 3, 4].map(utilisationCap), [45, 60, 67]);
  });

  it("leaves every other zone at 90 % or less when one is lost", () => {
    fc.assert(fc.property(zones, (z) => assert.ok((utilisationCap(z) * z) / (z - 1) <= 90)));
  });
});
