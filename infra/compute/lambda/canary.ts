import * as codedeploy from "@pulumi/aws/codedeploy";
import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { logicalName } from "../../naming/names";
import type { AlarmTarget } from "../../observability/alarm-actions";
import { errorRateAlarm } from "../../observability/error-rate-alarm";
import { createLogGroup } from "../../observability/log-group";
import { allow, createRole, logStatements, type RoleWithPolicy } from "../../security/iam";
import { RELEASER_CONCURRENCY } from "./concurrency";

/** Arguments of `Canary`. */
export interface CanaryArgs extends AlarmTarget {
  readonly region: string;
  readonly logRetentionDays: number;
  /** Name of the service, for descriptions. */
  readonly service: string;
  readonly account: pulumi.Input<string>;
  readonly handler: lambda.Function;
  /** Whether the handler has reserved concurrency; then the releaser reserves one execution too. */
  readonly reserved: boolean;
  /** Alias that CodeDeploy alone moves; its resource must ignore changes of the version. */
  readonly alias: lambda.Alias;
}

/**
 * The release of a function's new versions by CodeDeploy: a tenth of the traffic goes to the new version for five
 * minutes, then the rest, and all goes back to the old version after a failure or an alarm.
 *
 * CodeDeploy starts nothing by itself, and no resource type starts a deployment. So a function, the releaser, starts
 * it; `pulumi up` invokes the releaser once per published version. `up` ends when the release has begun, because on
 * some networks a call of the provider would break after five minutes without traffic. A second `up` during a release
 * fails, as CodeDeploy takes one at a time; it succeeds afterwards.
 */
export class Canary extends pulumi.ComponentResource {
  constructor(name: string, args: CanaryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:compute:Canary", name, {}, opts);
    const alarm = this.createAlarm(name, args);
    const group = this.createDeploymentGroup(name, args, alarm.name);
    const releaser = this.createReleaser(name, args, group);
    new lambda.Invocation(
      `${name}-release`,
      {
        functionName: releaser.name,
        input: pulumi.jsonStringify({
          functionName: args.handler.name,
          alias: args.alias.name,
          version: args.handler.version,
          application: group.appName,
          group: group.deploymentGroupName,
        }),
        triggers: { version: args.handler.version },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }

  private createAlarm(name: string, args: CanaryArgs) {
    return errorRateAlarm(
      `${name}-errors`,
      {
        alarmTopicArn: args.alarmTopicArn,
        description: `Function ${args.service} fails; a release under way is undone`,
        namespace: "AWS/Lambda",
        dimensions: {
          FunctionName: args.handler.name,
          Resource: pulumi.interpolate`${args.handler.name}:${args.alias.name}`,
        },
        requestMetric: "Invocations",
        errorMetric: "Errors",
      },
      { parent: this },
    );
  }

  private createDeploymentGroup(
    name: string,
    args: CanaryArgs,
    alarmName: pulumi.Output<string>,
  ): codedeploy.DeploymentGroup {
    const application = new codedeploy.Application(
      `${name}-application`,
      { computePlatform: "Lambda" },
      { parent: this },
    );
    const { role, policy } = this.createDeployerRole(name, args);
    return new codedeploy.DeploymentGroup(
      `${name}-group`,
      {
        appName: application.name,
        deploymentGroupName: "live",
        serviceRoleArn: role.arn,
        deploymentConfigName: "CodeDeployDefault.LambdaCanary10Percent5Minutes",
        deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
        alarmConfiguration: { enabled: true, alarms: [alarmName] },
        autoRollbackConfiguration: {
          enabled: true,
          events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"],
        },
      },
      { parent: this, dependsOn: [policy] },
    );
  }

  private createDeployerRole(name: string, args: CanaryArgs): RoleWithPolicy {
    return createRole(
      `${name}-deployer`,
      {
        awsService: "codedeploy.amazonaws.com",
        account: args.account,
        description: `Moves the alias of ${args.service}`,
        statements: [
          allow(
            ["lambda:GetAlias", "lambda:GetProvisionedConcurrencyConfig", "lambda:UpdateAlias"],
            functionArns(args),
          ),
          // CodeDeploy asks for all alarms at once.
          allow(
            ["cloudwatch:DescribeAlarms"],
            pulumi.interpolate`arn:aws:cloudwatch:${args.region}:${args.account}:alarm:*`,
          ),
        ],
      },
      { parent: this },
    );
  }

  private createReleaser(name: string, args: CanaryArgs, group: codedeploy.DeploymentGroup): lambda.Function {
    const logs = createLogGroup(`${name}-releaser-logs`, args, { parent: this });
    const { role, policy } = createRole(
      `${name}-releaser-role`,
      {
        awsService: "lambda.amazonaws.com",
        account: args.account,
        description: `Starts releases of ${args.service}`,
        statements: [...logStatements(logs.arn), ...releaseStatements(args, group)],
      },
      { parent: this },
    );
    return new lambda.Function(
      logicalName(`${name}-releaser`, "lambdaFunction"),
      {
        description: `Starts releases of ${args.service}`,
        role: role.arn,
        code: new pulumi.asset.FileArchive("infra/compute/lambda/releaser"),
        handler: "index.handler",
        runtime: "nodejs22.x",
        architectures: ["arm64"],
        memorySize: 256,
        timeout: 30,
        ...(args.reserved ? { reservedConcurrentExecutions: RELEASER_CONCURRENCY } : {}),
        tracingConfig: { mode: "PassThrough" },
        loggingConfig: { logFormat: "JSON", logGroup: logs.name },
      },
      { parent: this, dependsOn: [policy] },
    );
  }
}

function functionArns({ handler }: CanaryArgs): readonly pulumi.Output<string>[] {
  return [handler.arn, pulumi.interpolate`${handler.arn}:*`];
}

function releaseStatements(args: CanaryArgs, group: codedeploy.DeploymentGroup) {
  const arn = (resource: pulumi.Input<string>) =>
    pulumi.interpolate`arn:aws:codedeploy:${args.region}:${args.account}:${resource}`;
  return [
    allow(["lambda:GetAlias"], functionArns(args)),
    allow(
      ["codedeploy:CreateDeployment"],
      arn(pulumi.interpolate`deploymentgroup:${group.appName}/${group.deploymentGroupName}`),
    ),
    allow(["codedeploy:GetDeploymentConfig"], arn("deploymentconfig:CodeDeployDefault.LambdaCanary10Percent5Minutes")),
    allow(
      ["codedeploy:GetApplicationRevision", "codedeploy:RegisterApplicationRevision"],
      arn(pulumi.interpolate`application:${group.appName}`),
    ),
  ];
}
