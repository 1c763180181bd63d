import assert from "node:assert/strict";
import { counts, errors, operations } from "./helpers/events";
import { Project, type Result } from "./helpers/project";
import { deployed, operate, staysAsItIs } from "./helpers/stacks";

describe("prod under the real engine", () => {
  let project: Project;
  let up: Result;
  before(async () => {
    project = await Project.make();
    up = await deployed(project, "prod");
  });
  after(() => project?.close());

  it("deploys, each region's resources in their region", () => {
    const strays = project.cloud.resources
      .filter(({ inputs, region }) => !Array.isArray(inputs["tags"]) && (inputs["tags"]?.region ?? region) !== region)
      .map(({ type, region }) => `${type.split(":").at(-1)} ${region}`);
    // The web app has one owner: its bucket in the second region, and what CloudFront wants in us-east-1.
    assert.deepEqual([...new Set(strays)].sort(), [
      "Bucket eu-central-1",
      "BucketObjectv2 eu-central-1",
      "Certificate us-east-1",
      "Key us-east-1",
      "LogDelivery us-east-1",
      "LogDeliveryDestination us-east-1",
      "LogDeliverySource us-east-1",
      "LogGroup us-east-1",
      "MetricAlarm us-east-1",
      "Topic us-east-1",
    ]);
    assert.deepEqual([...new Set(project.cloud.resources.map(({ region }) => region))].sort(), [
      "eu-central-1",
      "eu-west-1",
      "us-east-1",
    ]);
  });

  it("changes nothing the second time, nor the times after", async () => {
    await staysAsItIs(project, "prod");
  });

  it("changes nothing on a refresh", async () => {
    const refresh = await operate(project, "refresh", "prod");
    assert.deepEqual([refresh.code, counts(refresh.events)], [0, { same: counts(up.events)["create"] }]);
  });

  it("moves by other services after a change of the checks alone, and a service by a name of its own; then nothing", async () => {
    project.configure("prod", (config) => {
      Object.assign(config["platform:services"].shipping, { critical: false, failoverName: "parcels.example.org" });
      config["platform:failover"] = { atLeast: 2 };
    });
    const changed = await operate(project, "up", "prod");
    assert.deepEqual([changed.code, errors(changed.events)], [0, []]);
    const steps = operations(changed.events).map((line) => line.replace(/^(\w+) \S+:(\w+) /, "$1 $2 "));
    const own = (region: string) => `${region}-names-shipping-own`;
    const expected = ["eu-central-1", "eu-west-1"].flatMap((region) => [
      `create ApiMapping ${own(region)}-mapping`,
      `create Certificate ${own(region)}-tls-certificate`,
      `create CertificateValidation ${own(region)}-tls-validation`,
      `create CustomDomain ${own(region)}`,
      `create DomainName ${own(region)}-domain`,
      `create Record ${own(region)}-record`,
      `create ValidatedCertificate ${own(region)}-tls`,
      `update HealthCheck ${region}-names-health-all`,
    ]);
    const validation = `create Record ${own("eu-west-1")}-tls-parcels.example.org-validation`;
    assert.deepEqual(steps.sort(), [...expected, validation].sort());
    await staysAsItIs(project, "prod", 2);
  });

  it("is not destroyed: the preview names what is protected, and nothing goes", async () => {
    const before = project.cloud.resources.length;
    const destroy = await project.run("destroy", "-s", "prod", "--yes");
    assert.notEqual(destroy.code, 0);
    const refused = errors(destroy.events).flatMap(
      (text) => /\$([\w:/]+)::[\w-]+" cannot be deleted/.exec(text)?.[1] ?? [],
    );
    assert.deepEqual([...new Set(refused)].sort(), [
      "aws:cognito/userPool:UserPool",
      "aws:dynamodb/table:Table",
      "aws:route53/zone:Zone",
      "aws:s3/bucket:Bucket",
    ]);
    assert.equal(project.cloud.resources.length, before);
  });
});
