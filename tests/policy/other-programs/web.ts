import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";

/** A container behind a balancer, as Pulumi's own examples write it: the whole of `aws`, and awsx. */
export function web(): void {
  const vpc = new awsx.ec2.Vpc("web", { numberOfAvailabilityZones: 2, natGateways: { strategy: "Single" } });
  const group = new aws.ec2.SecurityGroup("web-group", {
    vpcId: vpc.vpcId,
    description: "Tasks",
    egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"], description: "Out" }],
  });
  const cluster = new aws.ecs.Cluster("web");
  const balancer = new awsx.lb.ApplicationLoadBalancer("web", { subnetIds: vpc.publicSubnetIds });
  new awsx.ecs.FargateService("web", {
    cluster: cluster.arn,
    networkConfiguration: { subnets: vpc.privateSubnetIds, securityGroups: [group.id] },
    desiredCount: 2,
    taskDefinitionArgs: {
      container: {
        name: "web",
        image: "nginx",
        memory: 128,
        portMappings: [{ containerPort: 80, targetGroup: balancer.defaultTargetGroup }],
      },
    },
  });
  const role = new aws.iam.Role("worker-role", {
    assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "ecs-tasks.amazonaws.com" }),
  });
  const task = new aws.ecs.TaskDefinition("worker", {
    family: "worker",
    networkMode: "awsvpc",
    taskRoleArn: role.arn,
    executionRoleArn: role.arn,
    containerDefinitions: JSON.stringify([{ name: "worker", image: "busybox", privileged: true }]),
  });
  new aws.ecs.Service("worker", {
    cluster: cluster.arn,
    taskDefinition: task.arn,
    desiredCount: 1,
    networkConfiguration: { subnets: vpc.privateSubnetIds, securityGroups: [group.id], assignPublicIp: true },
  });
}
