import assert from "node:assert/strict";
import fc from "fast-check";
import { declaredFlows, type Flow, type Place, storePorts, tiers } from "../../../infra/traffic/flows";
import { compileAcls, type NetworkAcls, type TierAcl, type TierBlocks } from "../../../infra/traffic/network-acl";
import { findRefusal, flowPasses } from "../../../infra/traffic/reachability";

const blocks: TierBlocks = { public: "10.0.0.0/18", private: "10.0.64.0/18", isolated: "10.0.128.0/18" };
const platform = declaredFlows(
  [
    { name: "food-store", port: 8081 },
    { name: "pet-store", port: 8082 },
    { name: "price-calculator", port: 8083 },
    { name: "shipping", port: 8084 },
  ],
  { nat: true, interfaceEndpoints: true },
);

/** `from ports` of each rule, without its number. */
const brief = (acl: TierAcl) => ({
  in: acl.inbound.map(({ cidrBlock, fromPort, toPort }) => `${cidrBlock} ${fromPort}-${toPort}`),
  out: acl.outbound.map(({ cidrBlock, fromPort, toPort }) => `${cidrBlock} ${fromPort}-${toPort}`),
});
const flow = (from: Place, to: Place, port: number, more: Partial<Flow> = {}): Flow => ({
  ...{ id: `${from}-${to}-${port}`, description: "a test", from, to, protocol: "tcp", fromPort: port, toPort: port },
  ...more,
});

describe("network ACLs", () => {
  it("of the platform are these and no others", () => {
    const acls = compileAcls(platform, blocks);
    assert.deepEqual(brief(acls.public), {
      in: ["10.0.64.0/18 443-443", "0.0.0.0/0 1024-65535"],
      out: ["0.0.0.0/0 443-443", "10.0.64.0/18 1024-65535"],
    });
    assert.deepEqual(brief(acls.private), {
      in: ["10.0.64.0/18 80-80", "10.0.64.0/18 443-443", "0.0.0.0/0 1024-65535"],
      out: [
        "10.0.64.0/18 80-80",
        "0.0.0.0/0 443-443",
        "10.0.64.0/18 1024-65535",
        "10.0.128.0/18 5432-5432",
        "10.0.128.0/18 6379-6379",
      ],
    });
    assert.deepEqual(brief(acls.isolated), {
      in: ["10.0.64.0/18 5432-5432", "10.0.64.0/18 6379-6379"],
      out: ["10.0.64.0/18 1024-65535"],
    });
  });

  it("number their rules 100, 110, ... and only allow TCP", () => {
    const { outbound } = compileAcls(platform, blocks).private;
    assert.deepEqual(
      outbound.map((rule) => rule.ruleNo),
      [100, 110, 120, 130, 140],
    );
    const every = Object.values(compileAcls(platform, blocks)).flatMap((acl) => [...acl.inbound, ...acl.outbound]);
    assert.ok(every.every((rule) => rule.action === "allow" && rule.protocol === "tcp"));
  });

  it("let nothing through where no flow is declared", () => {
    const closed: TierAcl = { inbound: [], outbound: [] };
    assert.deepEqual(compileAcls([], blocks), { public: closed, private: closed, isolated: closed });
  });

  it("keep the public tier closed where there is no NAT", () => {
    const flows = declaredFlows([{ name: "a", port: 8081 }], { nat: false, interfaceEndpoints: true });
    assert.deepEqual(compileAcls(flows, blocks).public, { inbound: [], outbound: [] });
  });

  it("do not change when a service listens on another port above 1023", () => {
    const at = (port: number) => declaredFlows([{ name: "a", port }], { nat: true, interfaceEndpoints: false });
    assert.deepEqual(compileAcls(at(8081), blocks), compileAcls(at(9000), blocks));
  });

  it("join neighbouring ports and keep what a wider block covers only in part", () => {
    const inside = [80, 81, 83].map((port) => flow("private", "private", port));
    assert.deepEqual(brief(compileAcls(inside, blocks).private).in, [
      "10.0.64.0/18 80-81",
      "10.0.64.0/18 83-83",
      "10.0.64.0/18 1024-65535",
    ]);
    const wide = flow("private", "private", 1000, { toPort: 2000 });
    const out = flow("private", "internet", 443);
    assert.deepEqual(brief(compileAcls([wide, out], blocks).private).in, [
      "10.0.64.0/18 1000-65535",
      "0.0.0.0/0 1024-65535",
    ]);
  });

  it("refuse more rules than AWS allows in a direction", () => {
    const ports = (count: number) =>
      Array.from({ length: count }, (_, index) => flow("private", "private", 2 * index + 1));
    assert.equal(compileAcls(ports(19), blocks).private.inbound.length, 20);
    assert.throws(() => compileAcls(ports(20), blocks), {
      name: "RangeError",
      message:
        "network ACL of the private tier: AWS allows 20 inbound rules, the flows need 21; give services neighbouring ports, or ports above 1023",
    });
  });

  it("refuse ports that do not exist and NAT that leads nowhere", () => {
    for (const wrong of [{ fromPort: 0 }, { toPort: 65_536 }, { fromPort: 90, toPort: 80 }, { fromPort: 80.5 }]) {
      assert.throws(() => compileAcls([flow("private", "private", 80, wrong)], blocks), {
        message: /ports must be 1-65535/,
      });
    }
    assert.throws(() => compileAcls([flow("private", "isolated", 443, { via: "nat" })], blocks), {
      message: /drop via/,
    });
    assert.throws(() => compileAcls([flow("internet", "internet", 443, { via: "nat" })], blocks), {
      message: /drop via/,
    });
  });
});

describe("packets", () => {
  const acls = compileAcls(platform, blocks);

  it("of every declared flow pass, answers included", () => {
    for (const one of platform) assert.equal(findRefusal(one, acls, blocks), undefined, one.id);
  });

  it("of undeclared flows are refused", () => {
    const refused = [
      ...[22, 80, 443, 3389, 8081, 5432].map((port) => flow("internet", "private", port)),
      ...[22, 80, 443, 3389].map((port) => flow("internet", "public", port)),
      ...[22, 443, 5432, 6379].map((port) => flow("internet", "isolated", port)),
      ...[80, 443].flatMap((port) => [
        flow("isolated", "internet", port),
        flow("isolated", "internet", port, { via: "nat" }),
      ]),
      flow("isolated", "private", 443),
      flow("public", "private", 80),
      flow("public", "isolated", 5432),
      flow("private", "internet", 22, { via: "nat" }),
      flow("private", "isolated", 22),
    ];
    for (const one of refused) assert.equal(flowPasses(one, acls, blocks), false, one.id);
  });

  it("are stopped at the boundary that lacks the rule", () => {
    const without = (tier: "public" | "private", direction: "inbound" | "outbound", fromPort: number): NetworkAcls => ({
      ...acls,
      [tier]: { ...acls[tier], [direction]: acls[tier][direction].filter((rule) => rule.fromPort !== fromPort) },
    });
    const https = platform.find(({ id }) => id === "server-to-https")!;
    assert.deepEqual(
      [
        findRefusal(https, without("private", "outbound", 443), blocks),
        findRefusal(https, without("public", "inbound", 443), blocks),
        findRefusal(https, without("public", "outbound", 443), blocks),
        findRefusal(https, without("public", "inbound", 1024), blocks),
        findRefusal(https, without("public", "outbound", 1024), blocks),
        findRefusal(https, without("private", "inbound", 1024), blocks),
      ],
      [
        "private outbound to port 443",
        "public inbound to port 443",
        "public outbound to port 443",
        "public inbound to port 1024",
        "public outbound to port 1024",
        "private inbound to port 1024",
      ],
    );
  });
});

describe("rules compiled from any set of services", () => {
  const port = fc.oneof(
    fc.integer({ min: 1, max: 65_535 }),
    fc.integer({ min: 1020, max: 1030 }),
    fc.constantFrom(79, 80, 81, 443),
  );
  const services = fc
    .uniqueArray(port, { maxLength: 8 })
    .map((ports) => ports.map((number, index) => ({ name: `service-${index}`, port: number })));
  const storeNames = Object.keys(storePorts) as (keyof typeof storePorts)[];
  const flowSet = fc
    .tuple(services, fc.boolean(), fc.boolean(), fc.subarray(storeNames))
    .map(([list, nat, interfaceEndpoints, chosen]) => declaredFlows(list, { nat, interfaceEndpoints, stores: chosen }));

  it("let every declared flow pass", () => {
    fc.assert(
      fc.property(flowSet, (flows) => {
        const acls = compileAcls(flows, blocks);
        for (const one of flows) assert.equal(findRefusal(one, acls, blocks), undefined, one.id);
      }),
    );
  });

  it("are all needed: without any one of them a declared flow breaks", () => {
    fc.assert(
      fc.property(flowSet, (flows) => {
        const acls = compileAcls(flows, blocks);
        for (const [name, rest] of withoutEachRule(acls)) {
          assert.ok(
            flows.some((one) => !flowPasses(one, rest, blocks)),
            `${name} is not needed`,
          );
        }
      }),
      { numRuns: 50 },
    );
  });

  it("answer no client from the internet, whatever the port", () => {
    fc.assert(
      fc.property(flowSet, port, fc.constantFrom(...tiers), (flows, number, tier) => {
        assert.equal(flowPasses(flow("internet", tier, number), compileAcls(flows, blocks), blocks), false);
      }),
    );
  });

  it("do not depend on the order of the flows", () => {
    fc.assert(
      fc.property(flowSet, (flows) => {
        assert.deepEqual(compileAcls([...flows].reverse(), blocks), compileAcls(flows, blocks));
      }),
    );
  });
});

function* withoutEachRule(acls: NetworkAcls): Generator<[string, NetworkAcls]> {
  for (const tier of tiers) {
    for (const direction of ["inbound", "outbound"] as const) {
      for (const rule of acls[tier][direction]) {
        const rest = acls[tier][direction].filter((other) => other !== rule);
        yield [`${tier} ${direction} ${rule.ruleNo}`, { ...acls, [tier]: { ...acls[tier], [direction]: rest } }];
      }
    }
  }
}
