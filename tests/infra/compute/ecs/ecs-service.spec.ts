import assert from "node:assert/strict";
import { computePatterns } from "../../../../infra/compute/registry";
import { planServices, type ServicePlan, serviceSpec, subnets } from "../fixture";

const service = "aws:ecs/service:Service";
const task = "aws:ecs/taskDefinition:TaskDefinition";

describe("EcsService", () => {
  let plan: ServicePlan;
  let balanced: ServicePlan;
  before(async () => {
    plan = await planServices([serviceSpec("ecs")]);
    balanced = await planServices([serviceSpec("ecs", { ingress: "alb" })]);
  });

  it("declares its kind of backend and its needs by ingress alone", () => {
    const { ecs } = computePatterns;
    assert.equal(ecs.backendKind({ ingress: "cloudmap" }), "discovery");
    assert.equal(ecs.backendKind({ ingress: "alb" }), "listener");
    assert.deepEqual(ecs.needs({ ingress: "cloudmap" }), { balancer: false, artifactBucket: false });
    assert.deepEqual(ecs.needs({ ingress: "alb" }), { balancer: true, artifactBucket: false });
  });

  it("registers container and port in Cloud Map, by SRV records of 10 s with a health check of its own", () => {
    const registry = plan.index.one("aws:servicediscovery/service:Service", {});
    assert.deepEqual(registry.inputs["dnsConfig"], {
      namespaceId: "ns-1",
      routingPolicy: "MULTIVALUE",
      dnsRecords: [{ type: "SRV", ttl: 10 }],
    });
    assert.deepEqual(registry.inputs["healthCheckCustomConfig"], { failureThreshold: 1 });
    assert.equal(registry.inputs["forceDestroy"], true);
    assert.deepEqual(plan.inputs(service)["serviceRegistries"], {
      registryArn: registry.outputs["arn"],
      containerName: "food-store",
      containerPort: 8081,
    });
    assert.equal(plan.inputs(service)["loadBalancers"], undefined);
  });

  it("registers addresses at the balancer instead, after its listener, with time to start", () => {
    const targets = balanced.index.one("aws:lb/targetGroup:TargetGroup", {});
    assert.equal(targets.inputs["targetType"], "ip");
    const inputs = balanced.inputs(service);
    assert.deepEqual(inputs["loadBalancers"], [
      { targetGroupArn: targets.outputs["arn"], containerName: "food-store", containerPort: 8081 },
    ]);
    assert.equal(inputs["healthCheckGracePeriodSeconds"], 60);
    assert.equal(inputs["serviceRegistries"], undefined);
    const listener = balanced.index.one("aws:lb/listener:Listener", {}).urn;
    assert.ok(balanced.index.one(service, {}).dependencies.includes(listener));
    assert.equal(inputs["alarms"].alarmNames.length, 3);
  });

  it("starts new tasks before it stops old ones, in every zone, and goes back on failure or alarm", () => {
    const inputs = plan.inputs(service);
    const { deploymentMinimumHealthyPercent: least, deploymentMaximumPercent: most } = inputs;
    assert.deepEqual([least, most], [100, 200]);
    assert.deepEqual(inputs["deploymentCircuitBreaker"], { enable: true, rollback: true });
    const alarms = plan.index.ofType("aws:cloudwatch/metricAlarm:MetricAlarm");
    assert.deepEqual(
      alarms.map(({ inputs: { metricName } }) => metricName),
      ["CPUUtilization", "MemoryUtilization"],
    );
    assert.deepEqual(
      inputs["alarms"].alarmNames,
      alarms.map(({ outputs }) => outputs["name"]),
    );
    assert.equal(inputs["availabilityZoneRebalancing"], "ENABLED");
    assert.deepEqual(inputs["networkConfiguration"].subnets, subnets);
  });

  it("judges deployments by the metrics of exactly this service", () => {
    const cluster = plan.index.one("aws:ecs/cluster:Cluster", {}).outputs["name"];
    for (const { inputs } of plan.index.ofType("aws:cloudwatch/metricAlarm:MetricAlarm")) {
      assert.deepEqual(inputs["dimensions"], { ClusterName: cluster, ServiceName: plan.inputs(service)["name"] });
    }
  });

  it("keeps the whole minimum on demand and the configured share of the rest on Spot", async () => {
    assert.deepEqual(plan.inputs(service)["capacityProviderStrategies"], [
      { capacityProvider: "FARGATE", base: 6, weight: 50 },
      { capacityProvider: "FARGATE_SPOT", weight: 50 },
    ]);
    const none = await planServices([serviceSpec("ecs", { spotPercent: 0 })]);
    assert.deepEqual(none.inputs(service)["capacityProviderStrategies"], [
      { capacityProvider: "FARGATE", base: 6, weight: 100 },
    ]);
    const all = await planServices([serviceSpec("ecs", { spotPercent: 100 })]);
    const spot = [{ capacityProvider: "FARGATE_SPOT", weight: 100 }];
    assert.deepEqual(all.inputs(service)["capacityProviderStrategies"], spot);
    const providers = all.inputs("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders");
    assert.deepEqual(providers["defaultCapacityProviderStrategies"], spot);
  });

  it("runs one container that cannot write, is not root, and has a minute to stop", () => {
    const [container, ...others] = JSON.parse(plan.inputs(task)["containerDefinitions"]);
    assert.equal(others.length, 0);
    assert.equal(container.readonlyRootFilesystem, true);
    assert.equal(container.user, "node");
    assert.equal(container.stopTimeout, 60);
    assert.deepEqual(container.linuxParameters.capabilities, { drop: ["ALL"] });
    assert.deepEqual(container.command, ["node", "server.cjs"]);
    assert.deepEqual(container.healthCheck.command, ["CMD", "node", "healthcheck.cjs"]);
    assert.equal(container.logConfiguration.options.mode, "non-blocking");
  });

  it("builds its image from the artifact, tagged by its hash and the number of the push, and runs it by digest", () => {
    const image = plan.index.one("awsx:ecr:Image", {});
    assert.equal(image.inputs["context"], ".artifacts/food-store");
    assert.equal(image.inputs["imageTag"], "abababababab-1");
    assert.equal(image.inputs["platform"], "linux/arm64");
    const [container] = JSON.parse(plan.inputs(task)["containerDefinitions"]);
    assert.match(container.image, /@sha256:[0-9a-f]{64}$/);
    const repository = plan.inputs("aws:ecr/repository:Repository");
    assert.equal(repository["imageTagMutability"], "IMMUTABLE");
    assert.deepEqual(repository["imageScanningConfiguration"], { scanOnPush: true });
  });

  it("pulls and logs as one role, and runs the service's code as another", () => {
    const { taskRoleArn, executionRoleArn } = plan.inputs(task);
    assert.notEqual(taskRoleArn, executionRoleArn);
    const policy = (role: string) => {
      const name = plan.index.one("aws:iam/role:Role", { arn: role }).outputs["name"];
      return plan.index.one("aws:iam/rolePolicy:RolePolicy", { role: name }).inputs["policy"];
    };
    assert.doesNotMatch(policy(taskRoleArn), /ecr:|logs:/);
    assert.doesNotMatch(policy(executionRoleArn), /dynamodb:/);
  });

  it("scales on CPU and on memory, each below the lost-zone cap", () => {
    const policies = plan.index
      .ofType("aws:appautoscaling/policy:Policy")
      .map(({ inputs }) => inputs["targetTrackingScalingPolicyConfiguration"]);
    assert.deepEqual(
      policies.map((policy) => [policy.predefinedMetricSpecification.predefinedMetricType, policy.targetValue]),
      [
        ["ECSServiceAverageCPUUtilization", 60],
        ["ECSServiceAverageMemoryUtilization", 50],
      ],
    );
  });

  it("lets only a gateway that adds itself reach tasks found through Cloud Map", () => {
    assert.equal(plan.index.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").length, 0);
  });
});
