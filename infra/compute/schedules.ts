import * as iam from "@pulumi/aws/iam";
import * as lambda from "@pulumi/aws/lambda";
import * as scheduler from "@pulumi/aws/scheduler";
import * as pulumi from "@pulumi/pulumi";
import type { TableOutputs } from "../contract/layer-outputs";
import type { NeedsSpec, ScheduleSpec, ServiceSpec } from "../contract/service";
import { logicalName } from "../naming/names";
import type { AlarmTarget } from "../observability/alarm-actions";
import { accountIdOf, allow, createRole, policyDocument, type RoleWithPolicy } from "../security/iam";
import type { Artifact } from "./artifact";
import { createFailedRuns, type FailedRuns } from "./failed-runs";
import type { RunningService } from "./pattern";
import { RouteCaller, type RouteCallerArgs, routeCallerApp } from "./route-caller";

/** Arguments of `createSchedules`. */
export interface SchedulesArgs extends AlarmTarget {
  readonly region: string;
  readonly service: Pick<ServiceSpec, "name" | "port">;
  readonly needs: Pick<NeedsSpec, "schedules">;
  readonly running: Pick<RunningService, "backend" | "roleName">;
  readonly table: Pick<TableOutputs, "arn">;
  readonly network: RouteCallerArgs["network"];
  /** Built apps by name; for servers `routeCallerApp` is one of them. */
  readonly artifacts: Readonly<Record<string, Artifact>>;
  readonly logRetentionDays: number;
}

/**
 * Makes the schedules of a service in a region, if it has any.
 * @param name  `<region>-<service>`
 * @returns the URLs of the queues of runs that failed for good
 */
export function createSchedules(
  name: string,
  args: SchedulesArgs,
  opts: pulumi.ComponentResourceOptions,
): readonly pulumi.Output<string>[] {
  return args.needs.schedules.length > 0 ? [new Schedules(`${name}-schedules`, args, opts).failedUrl] : [];
}

/** The function that a service's schedules invoke, and where Lambda's settings for it stand. */
interface Target {
  readonly arn: pulumi.Input<string>;
  readonly functionName: pulumi.Input<string>;
  /** Name of the alias. @default the function itself is invoked */
  readonly qualifier?: pulumi.Input<string>;
  /** Permission of the function to keep failed runs. */
  readonly mayKeep: pulumi.Resource;
}

/** For how long, and how often, a run is repeated that could not be delivered, and one that failed. */
const retries = { maximumEventAgeInSeconds: 900, maximumRetryAttempts: 2 };

/**
 * The schedules of one service in one region. EventBridge Scheduler invokes the alias of a function, or a function that
 * calls the servers. It waits for no answer: it repeats what it could not deliver, and Lambda repeats what failed; what
 * fails in the end is kept in one queue, whose alarm goes off. Delivery is at least once.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-eventbridge-scheduler.html
 */
class Schedules extends pulumi.ComponentResource {
  /** URL of the queue of runs that failed for good. */
  readonly failedUrl: pulumi.Output<string>;

  constructor(name: string, args: SchedulesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:compute:Schedules", name, {}, opts);
    const failed = createFailedRuns(name, args, { parent: this });
    this.failedUrl = failed.url;
    const target = this.createTarget(name, args, failed);
    const { arn, functionName, qualifier, mayKeep } = target;
    new lambda.FunctionEventInvokeConfig(
      `${name}-runs`,
      {
        functionName,
        ...(qualifier === undefined ? {} : { qualifier }),
        ...retries,
        destinationConfig: { onFailure: { destination: failed.arn } },
      },
      // Lambda checks the permission when the destination is set.
      { parent: this, dependsOn: [mayKeep] },
    );
    const group = new scheduler.ScheduleGroup(logicalName(`${name}-group`, "scheduleGroup"), {}, { parent: this });
    const role = this.createRole(name, args, group, { arn, failed });
    for (const schedule of args.needs.schedules) this.createSchedule(name, schedule, { arn, group, role, failed });
    this.registerOutputs({});
  }

  private createTarget(name: string, args: SchedulesArgs, failed: FailedRuns): Target {
    const { service, artifacts, running, table } = args;
    const { backend, roleName } = running;
    if (backend.kind !== "function") {
      const caller = artifacts[routeCallerApp];
      if (caller === undefined)
        throw new Error(`service "${service.name}": its schedules need a caller, got none; bundle it`);
      const { arn, functionName, policy } = new RouteCaller(
        `${name}-caller`,
        {
          ...args,
          caller,
          backend,
          description: `Calls ${service.name} by the clock`,
          statements: [failed.maySend],
          account: accountIdOf(table.arn),
        },
        { parent: this },
      );
      return { arn, functionName, mayKeep: policy };
    }
    const mayKeep = new iam.RolePolicy(
      `${name}-failed-policy`,
      { role: roleName, policy: policyDocument([failed.maySend]) },
      { parent: this },
    );
    const [functionName, qualifier] = [6, 7].map((part) =>
      pulumi.output(backend.aliasArn).apply((arn) => arn.split(":")[part]!),
    ) as [pulumi.Output<string>, pulumi.Output<string>];
    return { arn: backend.aliasArn, functionName, qualifier, mayKeep };
  }

  /**
   * Makes the role of the schedules. AWS limits it by the schedule's group, and warns of limits by a single schedule.
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
   */
  private createRole(
    name: string,
    { table, service }: SchedulesArgs,
    group: scheduler.ScheduleGroup,
    { arn, failed }: { readonly arn: pulumi.Input<string>; readonly failed: FailedRuns },
  ): RoleWithPolicy {
    return createRole(
      `${name}-role`,
      {
        awsService: "scheduler.amazonaws.com",
        account: accountIdOf(table.arn),
        sourceArn: group.arn,
        description: `Schedules of ${service.name}`,
        statements: [allow(["lambda:InvokeFunction"], arn), failed.maySend],
      },
      { parent: this },
    );
  }

  private createSchedule(
    name: string,
    { id, every, method, path }: ScheduleSpec,
    parts: {
      readonly arn: pulumi.Input<string>;
      readonly group: scheduler.ScheduleGroup;
      readonly role: RoleWithPolicy;
      readonly failed: FailedRuns;
    },
  ): void {
    const run = { id, method, path, run: "<aws.scheduler.execution-id>" };
    new scheduler.Schedule(
      logicalName(`${name}-${id}`, "schedule"),
      {
        groupName: parts.group.name,
        description: `${method} ${path}`,
        scheduleExpression: every,
        scheduleExpressionTimezone: "UTC",
        flexibleTimeWindow: flexibleWindow(every),
        target: {
          arn: parts.arn,
          roleArn: parts.role.role.arn,
          input: JSON.stringify({ schedule: run }),
          retryPolicy: retries,
          deadLetterConfig: { arn: parts.failed.arn },
        },
      },
      { parent: this, dependsOn: [parts.role.policy] },
    );
  }
}

/** Returns the window within which a run starts: five minutes, so that hourly runs of many services spread out. */
function flexibleWindow(every: string) {
  return every.includes("minute") ? { mode: "OFF" } : { mode: "FLEXIBLE", maximumWindowInMinutes: 5 };
}
