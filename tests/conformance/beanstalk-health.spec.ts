import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { bundle } from "../../apps/bundle";
import { serviceNames } from "../../apps/catalog";
import { projectRoot } from "../../graph/project-root";
import { planServices, serviceSpec } from "../infra/compute/fixture";
import { settingsOf } from "../infra/compute/readers";

describe("the health check of Beanstalk's servers, which no plan shows", () => {
  it("is the balancer's in every artifact, so that a server that hangs is replaced", async () => {
    for (const { directory } of Object.values(await bundle(serviceNames))) {
      const file = readFileSync(join(projectRoot, directory, ".ebextensions/health.config"), "utf8");
      assert.deepEqual(parse(file), {
        Resources: {
          AWSEBAutoScalingGroup: {
            Type: "AWS::AutoScaling::AutoScalingGroup",
            Properties: { HealthCheckType: "ELB", HealthCheckGracePeriod: 300 },
          },
        },
      });
    }
  });

  it("gives a server more time to start than `ec2` does, and ends before a deployment gives up", async () => {
    const { "food-store": artifact } = await bundle(["food-store"]);
    const file = readFileSync(join(projectRoot, artifact!.directory, ".ebextensions/health.config"), "utf8");
    const grace: number = parse(file).Resources.AWSEBAutoScalingGroup.Properties.HealthCheckGracePeriod;
    const group = (await planServices([serviceSpec("ec2")])).inputs("aws:autoscaling/group:Group");
    const settings = settingsOf(await planServices([serviceSpec("beanstalk")]));
    const process = (name: string) => Number(settings[`aws:elasticbeanstalk:environment:process:default ${name}`]);
    const passes = process("HealthCheckInterval") * process("HealthyThresholdCount");
    assert.ok(grace >= group["healthCheckGracePeriod"] + passes, `${grace} s`);
    assert.ok(grace < Number(settings["aws:elasticbeanstalk:command Timeout"]), `${grace} s`);
  });
});
