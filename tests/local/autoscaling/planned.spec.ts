import assert from "node:assert/strict";
import { GraphIndex } from "../../../graph/model";
import { readScaling } from "../../../local/autoscaling/planned";
import type { Scaling } from "../../../local/autoscaling/scaling";
import { virtualCpus } from "../../../local/ec2/instance-types";
import { replanned } from "../../conformance/plans";

describe("planned scaling", function () {
  this.timeout(60_000);
  let index: GraphIndex;
  let scaling: ReadonlyMap<string, Scaling>;

  before(async () => {
    const { graph } = await replanned("prod", (config) => {
      const { capacity } = config.services["shipping"]!;
      config.services["shipping"]!.capacity = { ...capacity, peak: 4, max: 15 };
    });
    index = new GraphIndex(graph);
    scaling = readScaling(index);
  });

  function of(type: string, name: string): Scaling {
    const found = index.ofType(type).find((each) => each.name === `eu-west-1-${name}`);
    assert.ok(
      found !== undefined,
      index
        .ofType(type)
        .map((each) => each.name)
        .join(" "),
    );
    const read = scaling.get(found.urn);
    assert.ok(read !== undefined, name);
    return read;
  }

  const tracking = { kind: "target tracking", scalesIn: true, outCooldownSeconds: 0, inCooldownSeconds: 0 } as const;

  it("of an Auto Scaling group has its sizes, its warm-up, and a target of CPU and of requests", () => {
    const { outputs } = index.ofType("aws:autoscaling/group:Group").find(({ region }) => region === "eu-west-1")!;
    assert.deepEqual(of("aws:autoscaling/group:Group", "shipping-servers"), {
      min: 6,
      max: 15,
      warmupSeconds: outputs["defaultInstanceWarmup"],
      server: { vcpus: 1 },
      policies: [
        { ...tracking, metric: "cpu", target: 60 },
        { ...tracking, metric: "requests", target: 100 * 60, targetGroup: outputs["targetGroupArns"][0] },
      ],
    });
  });

  it("of an ECS service has the cooldowns of its policies, and what a task has", () => {
    const cooled = { ...tracking, target: 60, outCooldownSeconds: 60, inCooldownSeconds: 300 };
    assert.deepEqual(of("aws:ecs/service:Service", "food-store-service"), {
      min: 3,
      max: 12,
      server: { vcpus: 0.5, memoryMegabytes: 1_024 },
      policies: [
        { ...cooled, metric: "cpu" },
        { ...cooled, metric: "memory" },
      ],
    });
  });

  it("of a Beanstalk environment has the steps of its trigger and Beanstalk's cooldown", () => {
    assert.deepEqual(of("aws:elasticbeanstalk/environment:Environment", "price-calculator-env"), {
      min: 3,
      max: 12,
      server: { vcpus: 1 },
      policies: [
        {
          ...{ kind: "trigger", metric: "cpu", periodMinutes: 1, periods: 2, cooldownSeconds: 360 },
          ...{ upper: 60, upperChange: 1, lower: 30, lowerChange: -1 },
        },
      ],
    });
  });

  it("reads the processors of an instance from its type", () => {
    const of = (types: string) => types.split(" ").map(virtualCpus);
    assert.deepEqual(of("t4g.nano t4g.small t3.large m7g.medium c7g.large m6g.xlarge r7g.16xlarge"), [
      ...[2, 2, 2, 1, 2, 4, 64],
    ]);
    assert.equal(virtualCpus("c7g.metal"), undefined);
  });
});
