import * as fis from "@pulumi/aws/fis";
import * as pulumi from "@pulumi/pulumi";
import { allow, createRole, type Statement } from "../security/iam";
import type { Fault, FaultPlace, FaultTarget } from "./fault";

/** Arguments of `Experiment`. */
export interface ExperimentArgs {
  readonly place: FaultPlace;
  readonly fault: Fault;
  /**
   * ARNs of 1-5 alarms of the same region that end the experiment: each means that more is broken than it breaks itself.
   * @see https://docs.aws.amazon.com/fis/latest/userguide/stop-conditions.html
   */
  readonly stopAlarmArns: readonly pulumi.Input<string>[];
  /** Log group of the region's experiments. */
  readonly logGroupArn: pulumi.Input<string>;
}

/** Version of FIS's log lines, in JSON. */
const logSchemaVersion = 2;

/** One experiment of AWS FIS: its template, which people start, and the role that it runs as. */
export class Experiment extends pulumi.ComponentResource {
  readonly templateId: pulumi.Output<string>;

  constructor(name: string, args: ExperimentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:experiments:Experiment", name, {}, opts);
    const { place, fault, stopAlarmArns, logGroupArn } = args;
    const { region, account } = place;
    const { role, policy } = createRole(
      name,
      {
        description: `Experiment: ${fault.description}`,
        awsService: "fis.amazonaws.com",
        account,
        sourceArn: pulumi.interpolate`arn:aws:fis:${region}:${account}:experiment/*`,
        statements: [...fault.statements, ...logDelivery],
      },
      { parent: this },
    );
    const template = new fis.ExperimentTemplate(
      `${name}-template`,
      {
        description: fault.description,
        roleArn: role.arn,
        targets: fault.targets.map(targetInputs),
        actions: fault.actions.map(({ parameters = {}, ...action }) => ({
          ...action,
          parameters: Object.entries(parameters).map(([key, value]) => ({ key, value })),
        })),
        stopConditions: stopAlarmArns.map((value) => ({ source: "aws:cloudwatch:alarm", value })),
        logConfiguration: {
          logSchemaVersion,
          cloudwatchLogsConfiguration: { logGroupArn: pulumi.interpolate`${logGroupArn}:*` },
        },
        // An experiment that finds nothing to break would report that all is well.
        experimentOptions: { accountTargeting: "single-account", emptyTargetResolutionMode: "fail" },
        tags: { Name: name },
      },
      { parent: this, dependsOn: [policy] },
    );
    this.templateId = template.id;
    this.registerOutputs({ templateId: this.templateId });
  }
}

/**
 * What FIS needs to have the experiment logged, with the permissions of its role. None of these takes a log group: the
 * delivery of AWS's own logs is set up by account and region.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html
 */
const logDelivery: readonly Statement[] = [
  allow(
    ["logs:CreateLogDelivery", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies", "logs:PutResourcePolicy"],
    "*",
  ),
];

function targetInputs(target: FaultTarget) {
  const { name, resourceType, selectionMode, filters = [] } = target;
  return {
    name,
    resourceType,
    selectionMode,
    ...(filters.length > 0 ? { filters: filters.map(({ path, values }) => ({ path, values: [...values] })) } : {}),
    ...("resourceArns" in target
      ? { resourceArns: pulumi.output(target.resourceArns).apply((arns) => [...arns]) }
      : { resourceTags: Object.entries(target.resourceTags).map(([key, value]) => ({ key, value })) }),
  };
}
