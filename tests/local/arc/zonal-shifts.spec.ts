import assert from "node:assert/strict";
import * as autoscaling from "@pulumi/aws/autoscaling";
import * as lb from "@pulumi/aws/lb";
import type { GraphIndex } from "../../../graph/model";
import { ZonalShifts } from "../../../local/arc/zonal-shifts";
import { Balancers } from "../../../local/elb/balancers";
import type { Registration } from "../../../local/processes/registration";
import { TimeScale } from "../../../local/time-scale";
import { Zones } from "../../../local/vpc/zones";
import { addEcs, addTargets, plan, type Region } from "../helpers/program";
import { until } from "../helpers/wait";

const time = new TimeScale(1_000);
/** Nothing listens there, so that its checks fail. */
const nowhere = "http://127.0.0.1:9";

function addShiftable({ name, opts, subnets }: Region, enableZonalShift: boolean): lb.LoadBalancer {
  return new lb.LoadBalancer(`${name}-alb`, { internal: true, subnets, enableZonalShift }, opts);
}

describe("a zonal shift", () => {
  let shifts: ZonalShifts | undefined;
  let balancers: Balancers;
  let index: GraphIndex;
  const lines: string[] = [];
  const registered: Registration[] = [];

  afterEach(async () => {
    shifts?.stop();
    await Promise.all(registered.splice(0).map((each) => each.deregister()));
    lines.length = 0;
  });

  async function create(add: (region: Region) => void): Promise<ZonalShifts> {
    index = await plan("", add, ["eu-west-1", "eu-central-1"]);
    // A second check, ten seconds later, would find that nothing answers.
    balancers = new Balancers(index, new TimeScale());
    const zones = new Zones(index);
    shifts = new ZonalShifts({ index, zones, balancers, time, log: (line) => lines.push(line) });
    return shifts;
  }
  const withBalancer = (enabled: boolean) => (region: Region) => void addTargets(region, addShiftable(region, enabled));

  const groupIn = (region: string) =>
    balancers.groups.get(
      index.ofType("aws:lb/targetGroup:TargetGroup").find((each) => each.region === region)!.outputs["arn"],
    )!;

  /** Registers a target of each zone, which count as healthy or not as told. */
  function register(region: string, health: Readonly<Record<string, boolean>>): void {
    for (const [letter, healthy] of Object.entries(health)) {
      const server = { id: letter, origin: `${nowhere}/${letter}`, zone: `${region}${letter}` };
      const target = groupIn(region).register(server, false, () => {});
      registered.push(target);
      (target as unknown as { setHealth(to: string): void }).setHealth(healthy ? "healthy" : "unhealthy");
    }
  }
  /** The targets that get six requests. */
  function targets(region: string): string[] {
    const picked = Array.from({ length: 6 }, () => {
      const choice = groupIn(region).pick();
      if (choice.kind !== "server") return choice.kind;
      choice.requestEnded();
      return choice.origin.slice(-1);
    });
    return [...new Set(picked)].sort();
  }

  it("has the region's balancer give nothing more to a zone, until it ends", async () => {
    const all = await create(withBalancer(true));
    register("eu-west-1", { a: true, b: true });
    register("eu-central-1", { a: true, b: true });
    assert.deepEqual(all.start("eu-west-1a"), {
      zone: "eu-west-1a",
      resources: [{ name: "eu-west-1-alb", shifted: true }],
    });
    assert.deepEqual([targets("eu-west-1"), targets("eu-central-1")], [["b"], ["a", "b"]]);
    assert.deepEqual(
      all.list.map(({ zone }) => zone),
      ["eu-west-1a"],
    );
    assert.equal(all.end("eu-west-1a")!.zone, "eu-west-1a");
    assert.deepEqual(targets("eu-west-1"), ["a", "b"]);
    assert.deepEqual([all.end("eu-west-1a"), all.list], [undefined, []]);
  });

  it("has no effect on a balancer that fails open, or without healthy targets elsewhere", async () => {
    const all = await create(withBalancer(true));
    register("eu-west-1", { a: false, b: false });
    register("eu-central-1", { a: true, b: false });
    all.start("eu-west-1a");
    all.start("eu-central-1a");
    assert.deepEqual([targets("eu-west-1"), targets("eu-central-1")], [["a", "b"], ["a"]]);
  });

  it("ends by itself after its time", async () => {
    const all = await create(withBalancer(true));
    all.start("eu-west-1a", 1);
    await until("over", () => all.list.length === 0);
    assert.match(lines.join("\n"), /eu-west-1a is shifted away from, for 1 planned minutes at most\n.*no longer/);
  });

  it("says what does not take part, and is refused where nothing does", async () => {
    const add = (enabled: boolean) => (region: Region) => {
      const { targets } = addTargets(region, addShiftable(region, enabled));
      const { name, opts, subnets } = region;
      const sizes = { minSize: 2, maxSize: 4, targetGroupArns: [targets.arn], vpcZoneIdentifiers: subnets };
      new autoscaling.Group(`${name}-group`, sizes, opts);
      addEcs(region);
    };
    const some = await create(add(true));
    assert.deepEqual(some.start("eu-west-1b").resources, [
      { name: "eu-west-1-alb", shifted: true },
      {
        name: "eu-west-1-group",
        shifted: false,
        why: "no impairment policy is planned: it still launches in the zone",
      },
      { name: "eu-west-1-service", shifted: false, why: "Cloud Map has no zonal shift" },
    ]);
    assert.throws(() => some.start("eu-west-1a"), /got eu-west-1a; end the shift of eu-west-1b first/);
    assert.throws(() => some.start("eu-west-1b", 0), /must take 1-4320 minutes, got 0/);
    const none = await create(add(false));
    assert.throws(() => none.start("eu-west-1b"), /nothing in eu-west-1 is planned to take part in zonal shifts/);
    assert.throws(
      () => none.start("us-east-1a"),
      /in zone us-east-1a; name one of eu-central-1a, eu-central-1b, eu-west/,
    );
  });
});
