import type * as ec2 from "@pulumi/aws/ec2";
import * as elasticbeanstalk from "@pulumi/aws/elasticbeanstalk";
import * as iam from "@pulumi/aws/iam";
import type * as lb from "@pulumi/aws/lb";
import * as pulumi from "@pulumi/pulumi";
import { createListener } from "../balancer/service-listener";
import type { ListenerBackend } from "../core/backend";
import type { ComputeArgs } from "../core/compute";
import { beanstalkPort } from "../core/flows";
import { logicalName } from "../core/names";
import { environmentHealthAlarm } from "./alarms";
import { type BeanstalkRoles, createRoles } from "./beanstalk-roles";
import { beanstalkSettings, type Setting } from "./beanstalk-settings";
import { serverEnvironment } from "./environment";
import { admitBalancer, createServerGroup } from "./server-group";
import { outlivingPattern } from "./service-scope";
import { balancerOf, listenerBackend, scalingTarget, serverCapacity, uploadArtifact } from "./shared";
import { sizes } from "./sizes";

/** An Elastic Beanstalk environment on the shared balancer: nginx and the service on instances over all zones. */
export class BeanstalkService extends pulumi.ComponentResource {
  static backendKind() {
    return "listener" as const;
  }
  static needs() {
    return { balancer: true, artifactBucket: true };
  }

  readonly backend: ListenerBackend;
  readonly roleName: pulumi.Output<string>;

  constructor(name: string, args: ComputeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:compute:BeanstalkService", name, {}, opts);
    const balancer = balancerOf(args);
    const listener = createListener(
      `${name}-listener`,
      { balancer, port: args.service.port, action: { kind: "unavailable" } },
      outlivingPattern(this, opts),
    );
    const group = createServerGroup(name, args, { parent: this });
    admitBalancer(name, args, group, { parent: this }, beanstalkPort);
    const roles = this.createEnvironment(name, args, listener, group);
    this.backend = listenerBackend(balancer, listener.arn, args.service.port);
    this.roleName = roles.server.role.name;
    this.registerOutputs({ backend: this.backend, roleName: this.roleName });
  }

  private createEnvironment(name: string, args: ComputeArgs, listener: lb.Listener, group: ec2.SecurityGroup) {
    const environmentName = logicalName(`${name}-env`, "beanstalkEnvironment");
    const roles = createRoles(name, args, environmentName, { parent: this });
    const { application, version } = this.createVersion(name, args, roles);
    const environment = new elasticbeanstalk.Environment(
      environmentName,
      {
        application: application.name,
        description: `Servers of ${args.service.name}`,
        tier: "WebServer",
        solutionStackName: args.beanstalkPlatform,
        version: version.name,
        settings: this.settings(name, args, group, roles),
        waitForReadyTimeout: "40m",
      },
      {
        parent: this,
        // Managed updates move the platform on; the program must not move it back.
        ignoreChanges: ["solutionStackName"],
        dependsOn: [listener, roles.server.policy, ...roles.serviceRights],
      },
    );
    environmentHealthAlarm(
      `${name}-health`,
      {
        alarmTopicArn: args.alarmTopicArn,
        description: `Servers of ${args.service.name} are degraded`,
        environmentName: environment.name,
      },
      { parent: this },
    );
    return roles;
  }

  private createVersion(name: string, args: ComputeArgs, roles: BeanstalkRoles) {
    const application = new elasticbeanstalk.Application(
      `${name}-application`,
      {
        description: args.service.name,
        appversionLifecycle: { serviceRole: roles.service.arn, maxCount: 30, deleteSourceFromS3: false },
      },
      { parent: this, dependsOn: [...roles.serviceRights] },
    );
    const artifact = uploadArtifact(`${name}-artifact`, args, { parent: this });
    const version = new elasticbeanstalk.ApplicationVersion(
      `${name}-version`,
      {
        application: application.name,
        name: `${args.service.name}-${args.artifact.hash.slice(0, 12)}`,
        bucket: artifact.bucket,
        key: artifact.key,
      },
      // Not kept, unlike its bundle: the label says the contents, and going back to them must be able to make it again.
      { parent: this },
    );
    return { application, version };
  }

  private settings(
    name: string,
    args: ComputeArgs,
    group: ec2.SecurityGroup,
    roles: BeanstalkRoles,
  ): pulumi.Output<Setting[]> {
    const { min, max } = serverCapacity(args);
    const profile = new iam.InstanceProfile(`${name}-profile`, { role: roles.server.role.name }, { parent: this });
    return pulumi
      .output({
        vpcId: args.network.vpcId,
        subnetIds: args.network.privateSubnetIds,
        securityGroupId: group.id,
        loadBalancerArn: balancerOf(args).loadBalancerArn,
        instanceProfile: profile.name,
        serviceRole: roles.service.arn,
        environment: serverEnvironment(args),
      })
      .apply((known) =>
        beanstalkSettings({
          ...known,
          listenerPort: args.service.port,
          instanceTypes: sizes[args.service.capacity.size].instanceTypes,
          minServers: min,
          maxServers: max,
          cpuPercent: scalingTarget(args, args.service.scaling.cpuPercent),
          logRetentionDays: args.logRetentionDays,
          port: beanstalkPort,
        }),
      );
  }
}
