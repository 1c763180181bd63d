import * as appautoscaling from "@pulumi/aws/appautoscaling";
import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionBackend } from "../../contract/backend";
import type { NetworkOutputs, TableOutputs } from "../../contract/layer-outputs";
import type { ServerSpec } from "../../contract/service";
import { logicalName } from "../../naming/names";
import type { AlarmTarget } from "../../observability/alarm-actions";
import { createLogGroup } from "../../observability/log-group";
import {
  accountIdOf,
  allow,
  createRole,
  interfaceStatements,
  logStatements,
  type RoleWithPolicy,
  tableStatements,
} from "../../security/iam";
import { timeouts } from "../../traffic/timeouts";
import type { Artifact } from "../artifact";
import type { Capacity } from "../capacity";
import type { RunningService, RunSettings, Size } from "../pattern";
import { runtimeOf } from "../runtimes";
import { parameterVariables, type ServiceGrants, secretStatements } from "../service-grants";
import { serviceVariables } from "../service-variables";
import { Canary } from "./canary";
import { warmRange } from "./concurrency";
import { functionMemory } from "./sizes";

/** Name of the alias that gateways invoke; a deployment moves it from version to version. */
const aliasName = "live";

/** What the functions of a service have in common. */
interface SharedResources {
  readonly logs: cloudwatch.LogGroup;
  readonly access: RoleWithPolicy;
}

/** Whether a function is inside the VPC: outside it, nothing shows whom it calls, and no other service is reached. */
function runsInVpc({ grants }: Pick<LambdaServiceArgs, "grants">): boolean {
  return grants?.callsOut === true || grants?.callsServices === true;
}

/** Subnets of all zones, and the group of functions, for one inside the VPC. */
function vpcConfigOf({ network }: Pick<LambdaServiceArgs, "network">) {
  return { subnetIds: network.privateSubnetIds, securityGroupIds: [network.functionSecurityGroupId] };
}

/** Arguments of `LambdaService`. */
export interface LambdaServiceArgs extends AlarmTarget {
  readonly region: string;
  readonly service: ServerSpec;
  readonly size: Size;
  readonly functions: RunSettings["functions"];
  readonly artifact: Artifact;
  readonly table: TableOutputs;
  readonly grants?: ServiceGrants | undefined;
  readonly network: Pick<NetworkOutputs, "privateSubnetIds" | "functionSecurityGroupId">;
  /** Whether a REST API passes answers of the service on as they are made. @default false */
  readonly streams?: boolean;
  readonly logRetentionDays: number;
}

/** A function of a service: which of its handlers it runs, and for how long at most. */
interface Handler {
  readonly handler: "handler.handler" | "handler.streamingHandler";
  readonly timeout: number;
}

const whole: Handler = { handler: "handler.handler", timeout: timeouts.functionSeconds };
/** Lambda's runtime streams from a handler that is made for it, which no gateway but a REST API can invoke. */
const streaming: Handler = { handler: "handler.streamingHandler", timeout: timeouts.streamSeconds };

/**
 * A service under `lambda`: a function whose versions a canary releases, and another one where answers stream. It is outside
 * the VPC, as it calls AWS APIs only; one that calls other hosts or services is inside, where flow logs and the NAT gateways'
 * addresses show that it does.
 */
export class LambdaService extends pulumi.ComponentResource implements RunningService {
  readonly backend: FunctionBackend;
  readonly roleName: pulumi.Output<string>;

  constructor(name: string, args: LambdaServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:compute:LambdaService", name, {}, opts);
    const logs = createLogGroup(`${name}-logs`, args, { parent: this });
    const access = this.createRole(name, args, logs);
    const { handler, alias } = this.createReleased(name, args, whole, { logs, access });
    const { provisionedConcurrency = 0, reservedConcurrency } = args.functions;
    if (provisionedConcurrency > 0)
      this.keepWarm(name, handler, alias, warmRange(provisionedConcurrency, reservedConcurrency));
    const streamed = args.streams
      ? this.createReleased(`${name}-stream`, args, streaming, { logs, access }).alias
      : undefined;
    this.backend = {
      kind: "function",
      functionArn: handler.arn,
      aliasArn: alias.arn,
      invokeArn: alias.invokeArn,
      streamingAliasArn: (streamed ?? alias).arn,
    };
    this.roleName = access.role.name;
    this.registerOutputs({ backend: this.backend, roleName: this.roleName });
  }

  /** Makes a function with the alias that gateways invoke, and the canary that moves it. */
  private createReleased(name: string, args: LambdaServiceArgs, runs: Handler, shared: SharedResources) {
    const handler = this.createFunction(name, args, runs, shared);
    const alias = this.createAlias(name, handler);
    new Canary(
      `${name}-canary`,
      {
        region: args.region,
        service: args.service.name,
        account: accountIdOf(args.table.arn),
        handler,
        alias,
        reserved: args.functions.reservedConcurrency !== undefined,
        logRetentionDays: args.logRetentionDays,
        alarmTopicArn: args.alarmTopicArn,
      },
      { parent: this },
    );
    return { handler, alias };
  }

  private createRole(name: string, args: LambdaServiceArgs, logs: cloudwatch.LogGroup): RoleWithPolicy {
    return createRole(
      `${name}-role`,
      {
        awsService: "lambda.amazonaws.com",
        account: accountIdOf(args.table.arn),
        description: `Code of ${args.service.name}`,
        statements: [
          ...tableStatements(args.table, args.service.table),
          ...(args.grants?.statements ?? []),
          ...secretStatements(args.grants),
          ...(runsInVpc(args)
            ? interfaceStatements({ region: args.region, account: accountIdOf(args.table.arn) })
            : []),
          ...logStatements(logs.arn),
          allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"),
        ],
      },
      { parent: this },
    );
  }

  private createFunction(
    name: string,
    args: LambdaServiceArgs,
    runs: Handler,
    { logs, access }: SharedResources,
  ): lambda.Function {
    const { reservedConcurrency } = args.functions;
    const { role, policy } = access;
    return new lambda.Function(
      logicalName(`${name}-function`, "lambdaFunction"),
      {
        description: args.service.name,
        role: role.arn,
        code: new pulumi.asset.FileArchive(args.artifact.directory),
        handler: runs.handler,
        runtime: runtimeOf(args.artifact).lambda,
        architectures: ["arm64"],
        memorySize: functionMemory[args.size],
        timeout: runs.timeout,
        environment: {
          variables: {
            ...serviceVariables(args),
            ...parameterVariables(args.grants),
            ...args.grants?.functionVariables,
          },
        },
        ...(reservedConcurrency === undefined ? {} : { reservedConcurrentExecutions: reservedConcurrency }),
        ...(runsInVpc(args) ? { vpcConfig: vpcConfigOf(args) } : {}),
        tracingConfig: { mode: "Active" },
        loggingConfig: { logFormat: "JSON", logGroup: logs.name, applicationLogLevel: "INFO", systemLogLevel: "WARN" },
        publish: true,
      },
      { parent: this, dependsOn: [policy] },
    );
  }

  /** Makes the alias, which starts at the first version; from then on CodeDeploy moves it. */
  private createAlias(name: string, handler: lambda.Function): lambda.Alias {
    return new lambda.Alias(
      `${name}-alias`,
      {
        name: aliasName,
        description: "Takes traffic",
        functionName: handler.name,
        functionVersion: handler.version,
      },
      { parent: this, ignoreChanges: ["functionVersion", "routingConfig"] },
    );
  }

  private keepWarm(name: string, handler: lambda.Function, alias: lambda.Alias, { min, max }: Capacity): void {
    const warm = new lambda.ProvisionedConcurrencyConfig(
      `${name}-warm`,
      {
        functionName: handler.name,
        qualifier: alias.name,
        provisionedConcurrentExecutions: min,
      },
      // Scaling sets the count.
      { parent: this, ignoreChanges: ["provisionedConcurrentExecutions"] },
    );
    const target = new appautoscaling.Target(
      `${name}-scaling`,
      {
        serviceNamespace: "lambda",
        scalableDimension: "lambda:function:ProvisionedConcurrency",
        resourceId: pulumi.interpolate`function:${handler.name}:${alias.name}`,
        minCapacity: min,
        maxCapacity: max,
      },
      { parent: this, dependsOn: [warm] },
    );
    new appautoscaling.Policy(
      `${name}-scale-warm`,
      {
        policyType: "TargetTrackingScaling",
        serviceNamespace: target.serviceNamespace,
        scalableDimension: target.scalableDimension,
        resourceId: target.resourceId,
        targetTrackingScalingPolicyConfiguration: {
          predefinedMetricSpecification: { predefinedMetricType: "LambdaProvisionedConcurrencyUtilization" },
          // A fraction, not percent, unlike every other metric of Application Auto Scaling.
          targetValue: 0.7,
        },
      },
      { parent: this },
    );
  }
}
