import * as autoscaling from "@pulumi/aws/autoscaling";
import * as ec2 from "@pulumi/aws/ec2";
import * as lb from "@pulumi/aws/lb";
import * as rds from "@pulumi/aws/rds";

/** Servers and a database in one VPC, two zones, plain resources. */
export function shop(): void {
  const vpc = new ec2.Vpc("shop", { cidrBlock: "10.1.0.0/16" });
  const gateway = new ec2.InternetGateway("shop-gateway", { vpcId: vpc.id });
  const routes = new ec2.RouteTable("shop-routes", {
    vpcId: vpc.id,
    routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: gateway.id }],
  });
  const subnets = ["a", "b"].map((zone, i) => {
    const subnet = new ec2.Subnet(`shop-${zone}`, {
      vpcId: vpc.id,
      availabilityZone: `us-east-1${zone}`,
      cidrBlock: `10.1.${i}.0/24`,
      mapPublicIpOnLaunch: true,
    });
    new ec2.RouteTableAssociation(`shop-${zone}`, { subnetId: subnet.id, routeTableId: routes.id });
    return subnet;
  });
  const open = new ec2.SecurityGroup("shop-web", {
    vpcId: vpc.id,
    ingress: [
      { protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["0.0.0.0/0"] },
      { protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] },
    ],
    egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
  });
  const balancer = new lb.LoadBalancer("shop-balancer", {
    subnets: subnets.map(({ id }) => id),
    securityGroups: [open.id],
  });
  const targets = new lb.TargetGroup("shop-targets", { vpcId: vpc.id, port: 80, protocol: "HTTP" });
  new lb.Listener("shop-listener", {
    loadBalancerArn: balancer.arn,
    port: 80,
    protocol: "HTTP",
    defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
  });
  const template = new ec2.LaunchTemplate("shop-template", {
    imageId: "ami-0a1b2c3d4e5f60718",
    instanceType: "t3.small",
    userData: Buffer.from("#!/bin/sh\nexport DB_PASSWORD=hunter2\n").toString("base64"),
  });
  new autoscaling.Group("shop-servers", {
    minSize: 1,
    maxSize: 2,
    vpcZoneIdentifiers: subnets.map(({ id }) => id),
    targetGroupArns: [targets.arn],
    launchTemplate: { id: template.id, version: "$Latest" },
  });
  const cluster = new rds.Cluster("shop-data", {
    engine: "aurora-postgresql",
    masterUsername: "shop",
    manageMasterUserPassword: true,
    skipFinalSnapshot: true,
  });
  new rds.ClusterInstance("shop-data-1", {
    clusterIdentifier: cluster.id,
    engine: "aurora-postgresql",
    instanceClass: "db.r6g.large",
    publiclyAccessible: true,
  });
}
