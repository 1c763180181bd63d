import type { NewResource, OutputsByType } from "./new-resource";

const named = (r: NewResource) => ({ id: r.physicalName(), name: r.physicalName() });

/** `<type>/<name>/<id>`: the name of a balancer or target group in CloudWatch's metrics. */
const balancerSuffix = (r: NewResource) => `app/${r.physicalName()}/${r.hex(16)}`;
const targetSuffix = (r: NewResource) => `targetgroup/${r.physicalName()}/${r.hex(16)}`;
const functionArn = (r: NewResource, name: string) => r.arn("lambda", `function:${name}`);
const invokeArn = (r: NewResource, arn: string) =>
  r.arn("apigateway", `path/2015-03-31/functions/${arn}/invocations`, { account: "lambda" });

/** Outputs of balancers, instances, containers, functions and what they run. */
export const computeOutputs: OutputsByType = {
  "aws:appautoscaling/policy:Policy": (r) => ({ ...named(r), arn: r.arn("autoscaling", `scalingPolicy:${r.hex(32)}`) }),
  "aws:appautoscaling/target:Target": (r) => ({ id: r.inputs["resourceId"] }),
  "aws:autoscaling/group:Group": (r) => ({
    ...named(r),
    arn: r.arn("autoscaling", `autoScalingGroup:${r.hex(32)}:autoScalingGroupName/${r.physicalName()}`),
  }),
  "aws:autoscaling/policy:Policy": (r) => ({
    ...named(r),
    arn: r.arn("autoscaling", `scalingPolicy:${r.hex(32)}:policyName/${r.physicalName()}`),
  }),
  "aws:cloudwatch/metricAlarm:MetricAlarm": (r) => ({
    ...named(r),
    arn: r.arn("cloudwatch", `alarm:${r.physicalName()}`),
  }),
  "aws:codedeploy/application:Application": (r) => ({
    ...named(r),
    arn: r.arn("codedeploy", `application:${r.physicalName()}`),
  }),
  "aws:codedeploy/deploymentGroup:DeploymentGroup": (r) => ({
    id: r.hex(32),
    arn: r.arn("codedeploy", `deploymentgroup:${r.inputs["appName"]}/${r.inputs["deploymentGroupName"]}`),
  }),
  "aws:ec2/launchTemplate:LaunchTemplate": (r) => {
    const id = `lt-${r.hex(17)}`;
    return { id, name: r.physicalName(), arn: r.arn("ec2", `launch-template/${id}`), latestVersion: 1 };
  },
  "aws:ecr/repository:Repository": (r) => ({
    ...named(r),
    arn: r.arn("ecr", `repository/${r.physicalName()}`),
    registryId: r.account,
    repositoryUrl: `${r.account}.dkr.ecr.${r.region}.amazonaws.com/${r.physicalName()}`,
  }),
  "aws:ecs/cluster:Cluster": (r) => {
    const arn = r.arn("ecs", `cluster/${r.physicalName()}`);
    return { id: arn, arn, name: r.physicalName() };
  },
  "aws:ecs/service:Service": (r) => {
    const cluster = String(r.inputs["cluster"] ?? "").split("/")[1] ?? "default";
    const arn = r.arn("ecs", `service/${cluster}/${r.physicalName()}`);
    return { id: arn, arn, name: r.physicalName() };
  },
  "aws:ecs/taskDefinition:TaskDefinition": (r) => ({
    id: r.inputs["family"],
    arn: r.arn("ecs", `task-definition/${r.inputs["family"]}:1`),
    arnWithoutRevision: r.arn("ecs", `task-definition/${r.inputs["family"]}`),
    revision: 1,
  }),
  "aws:elasticbeanstalk/application:Application": (r) => ({
    ...named(r),
    arn: r.arn("elasticbeanstalk", `application/${r.physicalName()}`),
  }),
  "aws:elasticbeanstalk/applicationVersion:ApplicationVersion": (r) => ({
    ...named(r),
    arn: r.arn("elasticbeanstalk", `applicationversion/${r.inputs["application"]}/${r.physicalName()}`),
  }),
  "aws:elasticbeanstalk/environment:Environment": (r) => ({
    id: `e-${r.letters(10)}`,
    name: r.physicalName(),
    arn: r.arn("elasticbeanstalk", `environment/${r.inputs["application"]}/${r.physicalName()}`),
    cname: `${r.physicalName()}.eba-${r.letters(8)}.${r.region}.elasticbeanstalk.com`,
  }),
  "aws:lambda/alias:Alias": (r) => {
    const arn = functionArn(r, `${r.inputs["functionName"]}:${r.inputs["name"]}`);
    return { id: arn, arn, invokeArn: invokeArn(r, arn) };
  },
  "aws:lambda/eventSourceMapping:EventSourceMapping": (r) => {
    const uuid = r.uuid();
    const functionArn = r.inputs["functionName"];
    return { id: uuid, uuid, functionArn, arn: r.arn("lambda", `event-source-mapping:${uuid}`) };
  },
  "aws:lambda/function:Function": (r) => {
    const arn = functionArn(r, r.physicalName());
    const version = r.inputs["publish"] ? "1" : "$LATEST";
    return { ...named(r), arn, qualifiedArn: `${arn}:${version}`, invokeArn: invokeArn(r, arn), version };
  },
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": ({ inputs: { functionName, qualifier } }) => ({
    id: qualifier === undefined ? functionName : `${functionName}:${qualifier}`,
  }),
  "aws:lambda/invocation:Invocation": (r) => ({ id: r.hex(32), result: "{}" }),
  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": (r) => ({
    id: `${r.inputs["functionName"]},${r.inputs["qualifier"]}`,
  }),
  "aws:lb/listener:Listener": (r) => {
    const balancer = String(r.inputs["loadBalancerArn"] ?? "").split("loadbalancer/")[1];
    const arn = r.arn("elasticloadbalancing", `listener/${balancer}/${r.hex(16)}`);
    return { id: arn, arn };
  },
  "aws:lb/loadBalancer:LoadBalancer": (r) => {
    const arn = r.arn("elasticloadbalancing", `loadbalancer/${balancerSuffix(r)}`);
    return {
      id: arn,
      arn,
      arnSuffix: balancerSuffix(r),
      name: r.physicalName(),
      dnsName: `internal-${r.physicalName()}-${parseInt(r.hex(8), 16)}.${r.region}.elb.amazonaws.com`,
      zoneId: `Z${r.hex(13).toUpperCase()}`,
    };
  },
  "aws:lb/targetGroup:TargetGroup": (r) => {
    const arn = r.arn("elasticloadbalancing", targetSuffix(r));
    return { id: arn, arn, arnSuffix: targetSuffix(r), name: r.physicalName() };
  },
  "aws:scheduler/schedule:Schedule": (r) => {
    const group = r.inputs["groupName"] ?? "default";
    return {
      id: `${group}/${r.physicalName()}`,
      name: r.physicalName(),
      arn: r.arn("scheduler", `schedule/${group}/${r.physicalName()}`),
    };
  },
  "aws:scheduler/scheduleGroup:ScheduleGroup": (r) => ({
    ...named(r),
    arn: r.arn("scheduler", `schedule-group/${r.physicalName()}`),
  }),
  "aws:servicediscovery/service:Service": (r) => {
    const id = `srv-${r.letters(16)}`;
    return { id, name: r.physicalName(), arn: r.arn("servicediscovery", `service/${id}`) };
  },
  // The digest of what is copied: an index is the same in its new registry.
  "docker-build:index:Index": (r) => ({
    id: r.name,
    ref: `${r.inputs["tag"]}@${String(r.inputs["sources"]).split("@")[1]}`,
  }),
  "awsx:ecr:Image": (r) => ({ imageUri: `${r.inputs["repositoryUrl"]}@sha256:${r.hex(64)}` }),
};
