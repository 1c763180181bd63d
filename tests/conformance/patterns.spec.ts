import assert from "node:assert/strict";
import type { PlannedResource } from "../../graph/model";
import { serverCapacity } from "../../infra/compute/capacity";
import { type ComputePattern, type Ingress, ingressNames } from "../../infra/compute/pattern";
import { computePatterns, type PatternName, patternNames } from "../../infra/compute/registry";
import { tagTransformation } from "../../infra/security/tags";
import { timeouts } from "../../infra/traffic/timeouts";
import { platformSchema } from "../../stacks/config/schema";
import { planServices, region, type ServicePlan, serviceSpec, subnets, tableArn } from "../infra/compute/fixture";
import { counts, ofType, readers, settingsOf, statementsOf, unlimited, untaggable } from "../infra/compute/readers";

/** Every pattern, and every way a gateway reaches it. */
const variants = patternNames.flatMap((pattern): { pattern: PatternName; ingress: Ingress }[] =>
  (pattern === "ecs" ? ingressNames : (["cloudmap"] as const)).map((ingress) => ({ pattern, ingress })),
);

/** Fields that every backend of a kind has. */
const fields = {
  listener: ["dnsName", "kind", "listenerArn", "loadBalancerArn", "port", "roleName", "securityGroupId"],
  discovery: ["kind", "namespaceName", "port", "roleName", "securityGroupId", "serviceArn", "serviceName"],
  function: ["aliasArn", "functionArn", "invokeArn", "kind", "roleName", "streamingAliasArn"],
};

describe("the pattern registry", () => {
  it("is what configuration may name", () => {
    assert.deepEqual(platformSchema.shape.services.valueType.shape.pattern.options, [...patternNames]);
    assert.deepEqual([...patternNames], ["ec2", "ecs", "beanstalk", "lambda"]);
  });
});

for (const { pattern, ingress } of variants) {
  describe(`pattern ${pattern}${pattern === "ecs" ? ` by ${ingress}` : ""}`, () => {
    const service = serviceSpec(pattern, { ingress });
    const other = serviceSpec(pattern, { ingress, name: "shipping", port: 8084 });
    let plan: ServicePlan;
    let alone: ServicePlan;
    let resources: readonly PlannedResource[];
    before(async () => {
      plan = await planServices([service, other]);
      alone = await planServices([service]);
      resources = alone.of("food-store");
    });

    it("hands out a backend of the kind it declares, with every field", () => {
      const backend = alone.graph.outputs["food-store"];
      const kind = computePatterns[pattern].backendKind(service.settings);
      assert.equal(backend.kind, kind);
      const { optionalFields = [] }: ComputePattern = computePatterns[pattern];
      assert.deepEqual(Object.keys(backend).sort(), [...fields[kind], ...optionalFields].sort());
      for (const [field, value] of Object.entries(backend)) {
        assert.ok(value !== undefined && value !== "" && value !== "[unknown]", field);
      }
    });

    it("makes do with what it says it needs", async () => {
      const needs = computePatterns[pattern].needs(service.settings);
      const without = {
        ...(needs.balancer ? {} : { balancer: undefined }),
        ...(needs.artifactBucket ? {} : { artifactBucket: undefined }),
      };
      await planServices([service], without as object);
      for (const [shared, needed] of Object.entries(needs)) {
        if (!needed) continue;
        await assert.rejects(
          planServices([service], { [shared]: undefined } as object),
          new RegExp(`requires ${shared}`),
        );
      }
    });

    it("parents everything to its component, under its name", () => {
      assert.ok(resources.length > 10);
      for (const { name } of resources) {
        assert.ok(name.startsWith(`${region}-`) && name.includes("-food"), name);
      }
    });

    it("shows the tags of the region on whatever can carry them", async () => {
      const tagged = await planServices([service], {}, { transformations: [tagTransformation({ probe: "tagged" })] });
      for (const { type, name, inputs } of tagged.of("food-store").filter(({ custom }) => custom)) {
        const carries = JSON.stringify(inputs["tags"] ?? "").includes("tagged");
        assert.equal(carries, !untaggable.has(type), `${type} ${name}`);
      }
    });

    it("has no public address and no way in from the internet", () => {
      const text = JSON.stringify(resources.map(({ inputs }) => inputs));
      assert.doesNotMatch(text, /"(assignPublicIp|associatePublicIpAddress)":"?true/);
      for (const rule of ofType(resources, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")) {
        assert.ok(rule.inputs["referencedSecurityGroupId"], rule.name);
        assert.equal(rule.inputs["cidrIpv4"], undefined);
      }
      assert.equal(ofType(resources, "aws:lambda/functionUrl:FunctionUrl").length, 0);
      for (const group of ofType(resources, "aws:ec2/securityGroup:SecurityGroup")) {
        assert.equal(group.inputs["ingress"], undefined);
      }
    });

    it("runs in every zone, and keeps enough to lose one", () => {
      const { min, max, zones } = readers[pattern](alone);
      if (pattern === "lambda") return assert.deepEqual([min, max, zones], [undefined, undefined, undefined]);
      assert.deepEqual(zones, subnets);
      assert.deepEqual({ min, max }, serverCapacity({ peak: 4, max: 12 }, 3));
      assert.equal(min, 6);
    });

    it("gives the service the same environment as every other pattern", () => {
      const { AWS_REGION, ...env } = readers[pattern](alone).env;
      assert.deepEqual(env, {
        SERVICE_NAME: "food-store",
        TABLE_NAME: "food-store",
        HOST: "0.0.0.0",
        PORT: "8081",
        DRAIN_SECONDS: "15",
        KEEP_ALIVE_SECONDS: "75",
        REQUEST_TIMEOUT_SECONDS: "10",
        LOG_LEVEL: "info",
      });
      // Lambda reserves it and sets it itself.
      assert.equal(AWS_REGION, pattern === "lambda" ? undefined : region);
    });

    it("keeps logs for the configured time", () => {
      const groups = ofType(resources, "aws:cloudwatch/logGroup:LogGroup").map(
        ({ inputs }) => inputs["retentionInDays"],
      );
      const kept =
        pattern === "beanstalk"
          ? [Number(settingsOf(alone)["aws:elasticbeanstalk:cloudwatch:logs RetentionInDays"])]
          : groups;
      assert.ok(kept.length > 0);
      for (const days of kept) assert.equal(days, 30);
    });

    it("lets a role reach its own table and nobody else's, and names resources wherever IAM can", () => {
      const statements = statementsOf(resources);
      const data = statements.filter(({ Action }) => Action.some((action: string) => action.startsWith("dynamodb:")));
      assert.deepEqual(
        data.map(({ Action, Resource }) => ({ Action, Resource })),
        [{ Action: ["dynamodb:GetItem", "dynamodb:PutItem"], Resource: [tableArn("food-store")] }],
      );
      for (const { Effect, Action, Resource } of statements) {
        assert.equal(Effect, "Allow");
        for (const action of Action) {
          assert.doesNotMatch(action, /\*/);
          assert.ok(!Resource.includes("*") || unlimited.test(action), `${action} on ${Resource}`);
        }
        for (const arn of Resource) assert.doesNotMatch(arn, /undefined|:::?\*|shipping/);
      }
    });

    it("is trusted to services of its own account only", () => {
      const roles = ofType(resources, "aws:iam/role:Role");
      assert.ok(roles.length > 0);
      for (const role of roles) {
        const [statement] = JSON.parse(role.inputs["assumeRolePolicy"]).Statement;
        // EC2 and Beanstalk document no source.
        const sends = !["ec2.amazonaws.com", "elasticbeanstalk.amazonaws.com"].includes(statement.Principal.Service);
        assert.equal(
          statement.Condition?.StringEquals["aws:SourceAccount"],
          sends ? "123456789012" : undefined,
          role.name,
        );
      }
    });

    it("leaves counts to their scaler", () => {
      for (const [type, property] of counts[pattern]) {
        const found = ofType(resources, type);
        assert.equal(found.length, 1, type);
        assert.ok(found[0]?.ignoreChanges.includes(property), `${type} ${property}`);
      }
    });

    it("undoes a bad deployment by itself", () => {
      const type = {
        ec2: "aws:autoscaling/group:Group",
        ecs: "aws:ecs/service:Service",
        beanstalk: "aws:elasticbeanstalk/environment:Environment",
        lambda: "aws:codedeploy/deploymentGroup:DeploymentGroup",
      }[pattern];
      const inputs = alone.inputs(type);
      const undoes = {
        ec2: () => inputs["instanceRefresh"].preferences.autoRollback,
        ecs: () => inputs["deploymentCircuitBreaker"].rollback && inputs["alarms"].rollback,
        beanstalk: () => settingsOf(alone)["aws:elasticbeanstalk:command DeploymentPolicy"] === "Immutable",
        lambda: () => inputs["autoRollbackConfiguration"].enabled && inputs["alarmConfiguration"].enabled,
      }[pattern];
      assert.equal(undoes(), true);
    });

    it("notifies somebody by every alarm it has", () => {
      for (const { inputs, name } of ofType(resources, "aws:cloudwatch/metricAlarm:MetricAlarm")) {
        assert.deepEqual(inputs["alarmActions"], ["arn:aws:sns:eu-west-1:123456789012:alarms"], name);
        assert.equal(inputs["treatMissingData"], "notBreaching", name);
      }
    });

    it("checks /healthz every 5 to 10 seconds, and drains before it kills", () => {
      const settings = pattern === "beanstalk" ? settingsOf(alone) : {};
      const process = "aws:elasticbeanstalk:environment:process:default";
      const checks = [
        ...ofType(resources, "aws:lb/targetGroup:TargetGroup").map(({ inputs }) => ({
          ...inputs["healthCheck"],
          delay: inputs["deregistrationDelay"],
        })),
        ...(pattern === "beanstalk"
          ? [
              {
                path: settings[`${process} HealthCheckPath`],
                interval: Number(settings[`${process} HealthCheckInterval`]),
                timeout: Number(settings[`${process} HealthCheckTimeout`]),
                delay: Number(settings[`${process} DeregistrationDelay`]),
              },
            ]
          : []),
      ];
      assert.equal(checks.length, computePatterns[pattern].needs(service.settings).balancer ? 1 : 0);
      for (const { path, interval, timeout, delay } of checks) {
        assert.equal(path, "/healthz");
        assert.ok(interval >= 5 && interval <= 10 && timeout < interval);
        assert.ok(timeouts.requestSeconds <= delay && delay <= timeouts.stopSeconds);
      }
    });

    it("shares nothing between two services but the balancer and the artifact bucket", () => {
      const shared = new Set(
        plan.graph.resources.filter(({ name }) => /^eu-west-1-(balancer|artifacts)/.test(name)).map(({ urn }) => urn),
      );
      const urns = new Set(plan.of("shipping").map(({ urn }) => urn));
      for (const { name, dependencies } of plan.of("food-store")) {
        for (const urn of dependencies) {
          assert.ok(!urns.has(urn) && (shared.has(urn) || urn.includes("food")), `${name} depends on ${urn}`);
        }
      }
      assert.equal(plan.of("food-store").length, plan.of("shipping").length);
    });
  });
}
