import { healthCheck, timeouts } from "../../traffic/timeouts";

/** One option of a Beanstalk environment. Its value is text, as Beanstalk stores it. */
export interface BeanstalkSetting {
  readonly namespace: string;
  readonly name: string;
  readonly value: string;
  /** Always empty. Without it, every plan would show a difference, as AWS returns an empty one. */
  readonly resource: "";
}

/** Arguments of `beanstalkSettings`. */
export interface SettingsArgs {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  readonly loadBalancerArn: string;
  /** Security group of the shared balancer. */
  readonly balancerGroupId: string;
  /** Port of the service's listener on the shared balancer. */
  readonly listenerPort: number;
  readonly instanceTypes: readonly string[];
  readonly instanceProfile: string;
  readonly serviceRole: string;
  readonly minServers: number;
  readonly maxServers: number;
  /** Target average CPU, percent. */
  readonly cpuPercent: number;
  readonly logRetentionDays: number;
  /** Environment variables of the service. */
  readonly variables: Readonly<Record<string, string>>;
  /** ARNs of the parameters whose values Beanstalk puts into environment variables, by name. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Port of nginx on the instance. */
  readonly port: number;
  /** Whether Beanstalk installs newer versions of the platform by itself. */
  readonly managedUpdates: boolean;
}

type Options = Readonly<Record<string, string | number | boolean>>;

/**
 * Returns the options of a Beanstalk environment, sorted by namespace and name.
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options-general.html
 */
export function beanstalkSettings(args: SettingsArgs): BeanstalkSetting[] {
  const namespaces: Readonly<Record<string, Options>> = {
    ...servers(args),
    ...balancing(args),
    ...deployment(args),
    "aws:elasticbeanstalk:application:environment": args.variables,
    "aws:elasticbeanstalk:application:environmentsecrets": args.secrets,
  };
  return Object.entries(namespaces)
    .flatMap(([namespace, options]) =>
      Object.entries(options).map(([name, value]) => ({
        namespace,
        name,
        value: String(value),
        resource: "" as const,
      })),
    )
    .sort((a, b) => compare(a.namespace, b.namespace) || compare(a.name, b.name));
}

function servers(args: SettingsArgs): Record<string, Options> {
  return {
    "aws:autoscaling:asg": { MinSize: args.minServers, MaxSize: args.maxServers },
    "aws:autoscaling:launchconfiguration": {
      IamInstanceProfile: args.instanceProfile,
      SecurityGroups: args.securityGroupId,
      // Beanstalk's own group would let in more than the balancer.
      DisableDefaultEC2SecurityGroup: true,
      DisableIMDSv1: true,
      MonitoringInterval: "1 minute",
      RootVolumeType: "gp3",
      RootVolumeSize: 20,
    },
    "aws:autoscaling:trigger": {
      MeasureName: "CPUUtilization",
      Statistic: "Average",
      Unit: "Percent",
      Period: 1,
      EvaluationPeriods: 2,
      BreachDuration: 2,
      UpperThreshold: args.cpuPercent,
      UpperBreachScaleIncrement: 1,
      LowerThreshold: Math.floor(args.cpuPercent / 2),
      LowerBreachScaleIncrement: -1,
    },
    "aws:ec2:instances": { InstanceTypes: args.instanceTypes.join(","), SupportedArchitectures: "arm64" },
    "aws:ec2:vpc": {
      VPCId: args.vpcId,
      Subnets: args.subnetIds.join(","),
      ELBSubnets: args.subnetIds.join(","),
      ELBScheme: "internal",
      AssociatePublicIpAddress: false,
    },
  };
}

/**
 * Returns the options about the shared balancer: Beanstalk adds a target group, and to the listener one rule for every
 * path. No option keeps Beanstalk from making the rule match requests to the environment's CNAME only.
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/environments-cfg-alb-shared.html
 */
function balancing(args: SettingsArgs): Record<string, Options> {
  return {
    "aws:elasticbeanstalk:environment": {
      EnvironmentType: "LoadBalanced",
      LoadBalancerType: "application",
      LoadBalancerIsShared: true,
      ServiceRole: args.serviceRole,
    },
    "aws:elasticbeanstalk:environment:process:default": {
      Port: args.port,
      Protocol: "HTTP",
      HealthCheckPath: healthCheck.path,
      HealthCheckInterval: healthCheck.intervalSeconds,
      HealthCheckTimeout: healthCheck.timeoutSeconds,
      HealthyThresholdCount: healthCheck.healthyThreshold,
      UnhealthyThresholdCount: healthCheck.unhealthyThreshold,
      MatcherHTTPCode: "200",
      DeregistrationDelay: timeouts.deregistrationSeconds,
      StickinessEnabled: false,
    },
    [`aws:elbv2:listener:${args.listenerPort}`]: { Rules: "all" },
    "aws:elbv2:listenerrule:all": { PathPatterns: "/*", Priority: 1, Process: "default" },
    // Without a group Beanstalk attaches one of its own, open to every address outwards, to everybody's balancer.
    "aws:elbv2:loadbalancer": { SharedLoadBalancer: args.loadBalancerArn, SecurityGroups: args.balancerGroupId },
  };
}

function deployment(args: SettingsArgs): Record<string, Options> {
  return {
    "aws:autoscaling:updatepolicy:rollingupdate": { RollingUpdateEnabled: true, RollingUpdateType: "Immutable" },
    // New servers are added to the old ones; if they do not get healthy, only they are removed.
    "aws:elasticbeanstalk:command": { DeploymentPolicy: "Immutable", Timeout: 1200 },
    "aws:elasticbeanstalk:cloudwatch:logs": {
      StreamLogs: true,
      DeleteOnTerminate: false,
      RetentionInDays: args.logRetentionDays,
    },
    "aws:elasticbeanstalk:cloudwatch:logs:health": {
      HealthStreamingEnabled: true,
      DeleteOnTerminate: false,
      RetentionInDays: args.logRetentionDays,
    },
    "aws:elasticbeanstalk:healthreporting:system": { SystemType: "enhanced" },
    ...(args.managedUpdates
      ? updates(args)
      : { "aws:elasticbeanstalk:managedactions": { ManagedActionsEnabled: false } }),
  };
}

function updates(args: SettingsArgs): Record<string, Options> {
  return {
    "aws:elasticbeanstalk:managedactions": {
      ManagedActionsEnabled: true,
      PreferredStartTime: "Sun:03:00",
      ServiceRoleForManagedUpdates: args.serviceRole,
    },
    "aws:elasticbeanstalk:managedactions:platformupdate": { UpdateLevel: "minor", InstanceRefreshEnabled: true },
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
