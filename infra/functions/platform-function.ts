import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { logicalName } from "../naming/names";
import type { AlarmTarget } from "../observability/alarm-actions";
import { errorLogAlarm } from "../observability/error-log-alarm";
import { createLogGroup } from "../observability/log-group";
import { allow, createRole, interfaceStatements, logStatements, type Statement } from "../security/iam";

/** Arguments of `PlatformFunction`. */
export interface PlatformFunctionArgs extends AlarmTarget {
  /** What the function does, in a few words; in its description, its role's and its alarm's. @example "Admits tenants" */
  readonly description: string;
  readonly account: pulumi.Input<string>;
  /** Folder of the built app, whose `handler.js` exports `handler`. */
  readonly artifact: { readonly directory: string };
  /** Environment variables, 4 KB in all. */
  readonly variables: Readonly<Record<string, pulumi.Input<string>>>;
  /** What the function may do, in addition to its logs and traces. */
  readonly statements: readonly Statement[];
  /** Memory in MiB; Lambda gives CPU in proportion. */
  readonly memory: number;
  /** File and export that Lambda calls. @default "handler.handler" */
  readonly handler?: `handler.${string}`;
  /** Longest time of one invocation, in seconds. */
  readonly timeoutSeconds: number;
  readonly logRetentionDays: number;
  /**
   * Subnets, one per zone, and security group of its network interfaces.
   * @default outside the VPC
   */
  readonly network?: {
    readonly region: string;
    readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    readonly securityGroupId: pulumi.Input<string>;
    /**
     * Group that Lambda gives the interfaces when the function is deleted: it keeps them for up to 45 minutes, in which
     * their own group could not be deleted.
     */
    readonly groupAfterDeletion: pulumi.Input<string>;
  };
}

/** Who may invoke a function, and on whose behalf. */
export interface Invoker {
  readonly awsService: "apigateway.amazonaws.com" | "cognito-idp.amazonaws.com";
  /** ARN of the resource that the AWS service must act for, `*` allowed. */
  readonly sourceArn: pulumi.Input<string>;
}

/** Name of the alias that callers invoke. */
const aliasName = "live";

/**
 * A function that belongs to the platform and not to a service: its log group, role, alias and error alarm. The alias
 * moves to each new version at once; the version before it stays, to go back to by hand.
 */
export class PlatformFunction extends pulumi.ComponentResource {
  readonly functionArn: pulumi.Output<string>;
  readonly aliasArn: pulumi.Output<string>;
  /** ARN that API Gateway invokes the alias by. */
  readonly invokeArn: pulumi.Output<string>;
  readonly roleName: pulumi.Output<string>;
  private readonly aliasName: pulumi.Output<string>;

  constructor(name: string, args: PlatformFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:functions:PlatformFunction", name, {}, opts);
    const { handler, logs, role } = this.createFunction(name, args);
    const alias = new lambda.Alias(
      `${name}-alias`,
      { name: aliasName, functionName: handler.name, functionVersion: handler.version },
      { parent: this },
    );
    errorLogAlarm(
      `${name}-errors`,
      {
        description: args.description,
        logGroupName: logs.name,
        functionName: handler.name,
        alarmTopicArn: args.alarmTopicArn,
      },
      { parent: this },
    );
    this.functionArn = handler.arn;
    this.aliasArn = alias.arn;
    this.invokeArn = alias.invokeArn;
    this.roleName = role.name;
    this.aliasName = alias.name;
    this.registerOutputs({ functionArn: this.functionArn });
  }

  /** Makes the permission that lets an AWS service invoke the alias on behalf of one resource, and nothing else. */
  permit(name: string, { awsService, sourceArn }: Invoker): void {
    new lambda.Permission(
      `${name}-permission`,
      {
        action: "lambda:InvokeFunction",
        function: this.functionArn,
        qualifier: this.aliasName,
        principal: awsService,
        sourceArn,
      },
      { parent: this },
    );
  }

  private createFunction(name: string, args: PlatformFunctionArgs) {
    const { description, account, network } = args;
    const logs = createLogGroup(`${name}-logs`, args, { parent: this });
    const { role, policy } = createRole(
      `${name}-role`,
      {
        awsService: "lambda.amazonaws.com",
        account,
        description,
        statements: [
          ...args.statements,
          ...logStatements(logs.arn),
          ...(network === undefined ? [] : interfaceStatements({ region: network.region, account })),
          allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"),
        ],
      },
      { parent: this },
    );
    const handler = new lambda.Function(
      logicalName(name, "lambdaFunction"),
      {
        description,
        role: role.arn,
        code: new pulumi.asset.FileArchive(args.artifact.directory),
        handler: args.handler ?? "handler.handler",
        runtime: "nodejs22.x",
        architectures: ["arm64"],
        memorySize: args.memory,
        timeout: args.timeoutSeconds,
        environment: { variables: { ...args.variables } },
        ...(network === undefined
          ? {}
          : {
              vpcConfig: { subnetIds: network.subnetIds, securityGroupIds: [network.securityGroupId] },
              replaceSecurityGroupsOnDestroy: true,
              replacementSecurityGroupIds: [network.groupAfterDeletion],
            }),
        tracingConfig: { mode: "Active" },
        loggingConfig: { logFormat: "JSON", logGroup: logs.name, applicationLogLevel: "INFO", systemLogLevel: "WARN" },
        publish: true,
      },
      { parent: this, dependsOn: [policy] },
    );
    return { handler, logs, role };
  }
}
