import type * as ec2 from "@pulumi/aws/ec2";
import * as elasticbeanstalk from "@pulumi/aws/elasticbeanstalk";
import * as iam from "@pulumi/aws/iam";
import type * as lb from "@pulumi/aws/lb";
import * as pulumi from "@pulumi/pulumi";
import type { SharedBalancer } from "../../balancer/private-alb";
import { createListener, listenerBackend } from "../../balancer/service-listener";
import type { ListenerBackend } from "../../contract/backend";
import type { NetworkOutputs, TableOutputs } from "../../contract/layer-outputs";
import type { ServerSpec } from "../../contract/service";
import { logicalName } from "../../naming/names";
import type { AlarmTarget } from "../../observability/alarm-actions";
import { beanstalkPort } from "../../traffic/flows";
import { type Artifact, uploadArtifact } from "../artifact";
import type { Capacity } from "../capacity";
import { instanceTypes } from "../instance-types";
import type { RunningService, RunSettings, Size } from "../pattern";
import { ownedByService } from "../regional-service";
import { admitBalancer, createServerSecurityGroup } from "../server-security-group";
import type { ServiceGrants } from "../service-grants";
import { serverVariables } from "../service-variables";
import { beanstalkHealthAlarm } from "./health-alarm";
import { beanstalkPlatform } from "./platform";
import { type BeanstalkRoles, createBeanstalkRoles } from "./roles";
import { type BeanstalkSetting, beanstalkSettings } from "./settings";

/** Arguments of `BeanstalkService`. */
export interface BeanstalkServiceArgs extends AlarmTarget {
  readonly region: string;
  readonly service: ServerSpec;
  /** Fewest and most servers. */
  readonly capacity: Capacity;
  readonly size: Size;
  readonly scaling: Pick<RunSettings["scaling"], "cpuPercent">;
  readonly network: Pick<NetworkOutputs, "vpcId" | "cidr" | "storagePrefixLists" | "privateSubnetIds">;
  readonly balancer: SharedBalancer;
  readonly artifact: Artifact;
  readonly artifactBucket: pulumi.Input<string>;
  readonly table: TableOutputs;
  readonly grants?: ServiceGrants | undefined;
  /**
   * Exact solution stack to pin, without managed updates. @example "64bit Amazon Linux 2023 v6.6.2 running Node.js 22"
   * @default the newest one at creation, with managed updates
   */
  readonly solutionStack?: string | undefined;
  readonly logRetentionDays: number;
}

interface EnvironmentParts {
  readonly group: ec2.SecurityGroup;
  readonly roles: BeanstalkRoles;
  readonly managedUpdates: boolean;
}

/**
 * A service under `beanstalk`: a Beanstalk environment on the shared balancer, with nginx and the service on instances
 * in all zones.
 */
export class BeanstalkService extends pulumi.ComponentResource implements RunningService {
  readonly backend: ListenerBackend;
  readonly roleName: pulumi.Output<string>;

  constructor(name: string, args: BeanstalkServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:compute:BeanstalkService", name, {}, opts);
    const { service, balancer, network } = args;
    const listener = createListener(
      `${name}-listener`,
      { balancer, port: service.port, action: { kind: "unavailable" } },
      ownedByService(this, opts),
    );
    const group = createServerSecurityGroup(
      name,
      { service, network, callsOut: args.grants?.callsOut },
      { parent: this },
    );
    admitBalancer(name, { service, balancer, group, port: beanstalkPort }, { parent: this });
    const { roles, environment } = this.createBeanstalkEnvironment(name, args, listener, group);
    // Beanstalk adds this name to the conditions of every rule it makes on a shared balancer, and nobody can take it out.
    this.backend = { ...listenerBackend(balancer, listener.arn, service.port), host: environment.cname };
    this.roleName = roles.server.role.name;
    this.registerOutputs({ backend: this.backend, roleName: this.roleName });
  }

  private createBeanstalkEnvironment(
    name: string,
    args: BeanstalkServiceArgs,
    listener: lb.Listener,
    group: ec2.SecurityGroup,
  ) {
    const beanstalkEnvironmentName = logicalName(`${name}-env`, "beanstalkEnvironment");
    const roles = createBeanstalkRoles(
      name,
      { ...args, applicationName: `${name}-application`, beanstalkEnvironmentName },
      { parent: this },
    );
    const { application, version } = this.createVersion(name, args, roles);
    const platform = beanstalkPlatform(args, { parent: this });
    const environment = new elasticbeanstalk.Environment(
      beanstalkEnvironmentName,
      {
        application: application.name,
        description: `Servers of ${args.service.name}`,
        tier: "WebServer",
        solutionStackName: platform.solutionStackName,
        version: version.name,
        settings: this.settings(name, args, { group, roles, managedUpdates: platform.managedUpdates }),
        waitForReadyTimeout: "40m",
      },
      {
        parent: this,
        ...platform.options,
        dependsOn: [listener, roles.server.policy, ...roles.beanstalkPolicies],
      },
    );
    beanstalkHealthAlarm(
      `${name}-health`,
      {
        alarmTopicArn: args.alarmTopicArn,
        description: `Servers of ${args.service.name} are degraded`,
        beanstalkEnvironmentName: environment.name,
      },
      { parent: this },
    );
    return { roles, environment };
  }

  private createVersion(name: string, args: BeanstalkServiceArgs, roles: BeanstalkRoles) {
    const application = new elasticbeanstalk.Application(
      `${name}-application`,
      {
        description: args.service.name,
        appversionLifecycle: { serviceRole: roles.beanstalk.arn, maxCount: 30, deleteSourceFromS3: false },
      },
      { parent: this, dependsOn: [...roles.beanstalkPolicies] },
    );
    const artifact = uploadArtifact(
      `${name}-artifact`,
      { service: args.service.name, artifact: args.artifact, bucket: args.artifactBucket },
      { parent: this },
    );
    const version = new elasticbeanstalk.ApplicationVersion(
      `${name}-version`,
      {
        application: application.name,
        name: `${args.service.name}-${args.artifact.hash.slice(0, 12)}`,
        bucket: artifact.bucket,
        key: artifact.key,
      },
      // Not kept, unlike its bundle: its name is made from its contents, and must be free when they are deployed again.
      { parent: this },
    );
    return { application, version };
  }

  private settings(
    name: string,
    args: BeanstalkServiceArgs,
    { group, roles, managedUpdates }: EnvironmentParts,
  ): pulumi.Output<BeanstalkSetting[]> {
    const { min, max } = args.capacity;
    const profile = new iam.InstanceProfile(`${name}-profile`, { role: roles.server.role.name }, { parent: this });
    return pulumi
      .output({
        vpcId: args.network.vpcId,
        subnetIds: args.network.privateSubnetIds,
        securityGroupId: group.id,
        loadBalancerArn: args.balancer.loadBalancerArn,
        balancerGroupId: args.balancer.securityGroupId,
        instanceProfile: profile.name,
        serviceRole: roles.beanstalk.arn,
        variables: serverVariables(args),
        secrets: args.grants?.secrets ?? {},
      })
      .apply((known) =>
        beanstalkSettings({
          ...known,
          listenerPort: args.service.port,
          instanceTypes: instanceTypes[args.size],
          minServers: min,
          maxServers: max,
          cpuPercent: args.scaling.cpuPercent,
          logRetentionDays: args.logRetentionDays,
          port: beanstalkPort,
          managedUpdates,
        }),
      );
  }
}
