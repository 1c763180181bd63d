import assert from "node:assert/strict";
import fc from "fast-check";
import { planVpc } from "../../../infra/network/vpc-plan";
import { tiers } from "../../../infra/traffic/flows";
import {
  contains,
  formatBlock,
  type Ipv4Block,
  lastAddress,
  overlaps,
  parseBlock,
  parseVpcBlock,
  splitBlock,
} from "../../../infra/traffic/ipv4";

/** Any block AWS takes, of a prefix in the given range. */
const block = (least = 16, most = 28) =>
  fc.tuple(fc.integer({ min: least, max: most }), fc.nat(2 ** 28 - 1)).map(([prefix, seed]): Ipv4Block => {
    const size = 2 ** (32 - prefix);
    return { first: (seed % 2 ** prefix) * size, prefix };
  });

/** A VPC large enough for six zones in 10.0.0.0/8. */
const vpc = fc.tuple(fc.integer({ min: 16, max: 20 }), fc.nat(2 ** 24 - 1)).map(([prefix, seed]): Ipv4Block => {
  const size = 2 ** (32 - prefix);
  return { first: 10 * 2 ** 24 + Math.floor(seed / size) * size, prefix };
});

describe("IPv4 blocks", () => {
  it("reads what it writes, over the whole address space", () => {
    fc.assert(fc.property(block(), (one) => assert.deepEqual(parseVpcBlock(formatBlock(one)), one)));
    assert.deepEqual(parseVpcBlock("255.255.255.240/28"), { first: 4_294_967_280, prefix: 28 });
  });

  it("refuses what is not CIDR notation", () => {
    const wrong = [
      "",
      "10.0.0.0",
      "10.0.0/16",
      "10.0.0.0/",
      "10.0.0.0/33",
      "10.0.0.256/28",
      "10.0.0.0/16 ",
      "010.0.0.0/16",
    ];
    for (const text of [...wrong, "10.0.0.0/016", "10.0.0.0/16\n", "::/16", "10.0.0.0/-1", "1e1.0.0.0/16"]) {
      assert.throws(
        () => parseVpcBlock(text),
        { name: "RangeError", message: /must be four numbers 0-255 and a prefix/ },
        text,
      );
    }
  });

  it("refuses host bits and says which block was meant", () => {
    assert.throws(() => parseVpcBlock("10.0.1.7/16"), {
      name: "RangeError",
      message: 'IPv4 block "10.0.1.7/16": host bits must be zero; write "10.0.0.0/16" or use a longer prefix',
    });
  });

  it("refuses prefixes AWS does not take", () => {
    assert.throws(() => parseVpcBlock("10.0.0.0/15"), { message: /AWS takes prefixes \/16 to \/28, got \/15/ });
    assert.throws(() => parseVpcBlock("10.0.0.0/29"), { message: /got \/29/ });
  });

  it("finds overlaps whichever block is named first", () => {
    const [a, b, c] = ["10.0.0.0/16", "10.0.255.240/28", "10.1.0.0/16"].map(parseVpcBlock) as [
      Ipv4Block,
      Ipv4Block,
      Ipv4Block,
    ];
    assert.deepEqual([overlaps(a, b), overlaps(b, a), overlaps(a, c), overlaps(c, a)], [true, true, false, false]);
    assert.deepEqual([contains(a, b), contains(b, a), contains(a, a), contains(a, c)], [true, false, true, false]);
  });

  it("finds the overlap of a single address", () => {
    const [address, pair] = ["10.0.0.1/32", "10.0.0.0/31"].map(parseBlock) as [Ipv4Block, Ipv4Block];
    assert.deepEqual([overlaps(address, pair), overlaps(pair, address), contains(pair, address)], [true, true, true]);
  });

  it("agrees with address arithmetic on overlap and containment", () => {
    fc.assert(
      fc.property(vpc, vpc, (a, b) => {
        assert.equal(overlaps(a, b), Math.max(a.first, b.first) <= Math.min(lastAddress(a), lastAddress(b)));
        assert.equal(contains(a, b), overlaps(a, b) && a.prefix <= b.prefix);
      }),
    );
  });

  it("splits into parts that are in order, adjacent, aligned and fill the block", () => {
    fc.assert(
      fc.property(block(16, 24), fc.integer({ min: 0, max: 4 }), (whole, bits) => {
        const parts = splitBlock(whole, whole.prefix + bits);
        assert.equal(parts.length, 2 ** bits);
        assert.equal(parts[0]?.first, whole.first);
        assert.equal(lastAddress(parts.at(-1)!), lastAddress(whole));
        for (const [index, part] of parts.entries()) {
          assert.deepEqual(parseBlock(formatBlock(part)), part);
          if (index > 0) assert.equal(part.first, lastAddress(parts[index - 1]!) + 1);
        }
      }),
    );
  });

  it("refuses parts larger than the block or smaller than a subnet may be", () => {
    const whole = parseVpcBlock("10.0.0.0/24");
    for (const prefix of [23, 29, 24.5, Number.NaN]) {
      assert.throws(() => splitBlock(whole, prefix), {
        name: "RangeError",
        message: /parts must be \/24 to \/28, got/,
      });
    }
  });
});

describe("address plan of a VPC", () => {
  it("gives each tier a quarter and each zone a subnet of it", () => {
    assert.deepEqual(planVpc("10.0.0.0/16", 3), {
      cidr: "10.0.0.0/16",
      public: { block: "10.0.0.0/18", subnets: ["10.0.0.0/20", "10.0.16.0/20", "10.0.32.0/20"] },
      private: { block: "10.0.64.0/18", subnets: ["10.0.64.0/20", "10.0.80.0/20", "10.0.96.0/20"] },
      isolated: { block: "10.0.128.0/18", subnets: ["10.0.128.0/20", "10.0.144.0/20", "10.0.160.0/20"] },
      spare: "10.0.192.0/18",
    });
  });

  it("keeps every subnet disjoint, inside its tier, and private ones as large as any", () => {
    fc.assert(
      fc.property(vpc, fc.integer({ min: 2, max: 6 }), (whole, zones) => {
        const plan = planVpc(formatBlock(whole), zones);
        const blocks = [...tiers.map((tier) => plan[tier].block), plan.spare].map(parseBlock);
        assertDisjointWithin(whole, blocks);
        for (const tier of tiers) {
          const subnets = plan[tier].subnets.map(parseVpcBlock);
          assert.equal(subnets.length, zones);
          assertDisjointWithin(parseBlock(plan[tier].block), subnets);
        }
        const privatePrefix = parseVpcBlock(plan.private.subnets[0]!).prefix;
        assert.ok(
          tiers.every((tier) => plan[tier].subnets.every((subnet) => parseVpcBlock(subnet).prefix >= privatePrefix)),
        );
        assert.ok(2 ** (32 - privatePrefix) - 5 >= 64);
      }),
    );
  });

  it("moves no subnet when a zone joins, up to four, in every block that has room for them", () => {
    for (const size of [16, 17, 18, 19, 20, 21]) {
      const four = planVpc(`10.0.0.0/${size}`, 4);
      for (const zones of [2, 3]) {
        const fewer = planVpc(`10.0.0.0/${size}`, zones);
        for (const tier of tiers) assert.deepEqual(four[tier].subnets.slice(0, zones), fewer[tier].subnets);
      }
    }
  });

  it("takes the smallest block that fits and refuses the next smaller one by name", () => {
    assert.equal(planVpc("10.0.0.0/22", 2).private.subnets[0], "10.0.1.0/25");
    assert.equal(planVpc("10.0.0.0/21", 3).private.subnets[0], "10.0.2.0/25");
    assert.throws(() => planVpc("10.0.0.0/22", 3), {
      name: "RangeError",
      message:
        'VPC "10.0.0.0/22": too small for 3 zones, each private subnet needs 64 free addresses (/25) and would get /26; use a block of /21 or larger',
    });
  });

  it("refuses one zone, half zones and more zones than a region has", () => {
    for (const zones of [1, 0, 7, 2.5, Number.NaN]) {
      assert.throws(() => planVpc("10.0.0.0/16", zones), { name: "RangeError", message: /integer from 2 to 6/ });
    }
  });

  it("refuses public address space", () => {
    assert.throws(() => planVpc("8.8.0.0/16", 2), { name: "RangeError", message: /must be private address space/ });
    assert.equal(planVpc("172.31.0.0/16", 2).cidr, "172.31.0.0/16");
    assert.throws(() => planVpc("172.32.0.0/16", 2), { message: /must be private address space/ });
  });
});

function assertDisjointWithin(whole: Ipv4Block, parts: readonly Ipv4Block[]): void {
  for (const [index, part] of parts.entries()) {
    assert.ok(contains(whole, part), `${formatBlock(part)} is inside ${formatBlock(whole)}`);
    if (index > 0)
      assert.ok(part.first > lastAddress(parts[index - 1]!), `${formatBlock(part)} follows the one before`);
  }
}
