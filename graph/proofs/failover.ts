import type { PlannedResource } from "../model";
import { withoutRegion } from "../services";
import { type Proof, type ProofContext, roleOf, type Shown } from "./proof";

/** Type of Route 53's health checks. */
export const healthCheckType = "aws:route53/healthCheck:HealthCheck";
/** Paths of probes that ask what a service depends on. */
const deepPath = /\/region$/;

/** Statements about what moves a name to the other region: health checks, records, and who may change them. */
export const failoverProofs: readonly Proof[] = [
  {
    statement: 2,
    claim: "what both regions share moves nothing, and the deep probe feeds no target group",
    rules: ["failover-own-check", "health-check-name", "shallow-health-path", "probe-for-dns-only"],
    show: (plan) => whenMoved(plan, showSharedFaults),
  },
  {
    statement: 3,
    claim: "a probe that fails or has no data is unhealthy, and all unhealthy means the primary",
    rules: ["insufficient-data", "silent-probe", "failover-pair", "primary-health-check"],
    show: (plan) => whenMoved(plan, showProbes),
  },
  {
    statement: 4,
    claim: "failover changes no resource",
    rules: ["failover-data-plane"],
    show: (plan) => whenMoved(plan, showNothingChanges),
  },
  {
    statement: 5,
    claim: "what fails over may write nothing",
    show: (plan) => whenMoved(plan, showNoWrites),
  },
];

/** Returns what is shown of a plan with names that fail over, and nothing of another one. */
export function whenMoved(plan: ProofContext, show: (plan: ProofContext) => Shown): Shown | undefined {
  return plan.failoverRecords().length === 0 ? undefined : show(plan);
}

function showSharedFaults(plan: ProofContext): Shown {
  const broken: string[] = [];
  const names = new Set(plan.failoverRecords().map(({ inputs }) => String(inputs["name"])));
  const regionOfName = new Map(
    plan
      .of("aws:route53/record:Record")
      .flatMap(({ inputs, region }) => (roleOf(inputs) ? [] : [[inputs["name"], region]])),
  );
  const readBy = new Map<PlannedResource, string>();
  for (const record of plan.failoverRecords()) {
    for (const leaf of plan.leavesOf(record)) {
      const { fqdn, type, cloudwatchAlarmRegion } = leaf.inputs;
      const other = readBy.get(leaf);
      if (other !== undefined && other !== record.region)
        broken.push(`${leaf.name} decides for ${other} and ${record.region}`);
      readBy.set(leaf, record.region!);
      if (type === "CLOUDWATCH_METRIC") {
        if (cloudwatchAlarmRegion !== record.region)
          broken.push(`${leaf.name} reads an alarm of ${cloudwatchAlarmRegion}`);
      } else if (names.has(fqdn)) broken.push(`${leaf.name} asks ${fqdn}, which both regions answer`);
      else if (regionOfName.get(fqdn) !== record.region) {
        broken.push(
          `${leaf.name} decides for ${record.region}, and asks ${fqdn} of ${regionOfName.get(fqdn) ?? "no region"}`,
        );
      }
    }
  }
  const serverPaths = [...targetGroupPaths(plan)];
  for (const [resource, path] of serverPaths) {
    if (deepPath.test(path))
      broken.push(`${resource} checks ${path}: servers would be replaced for what they depend on`);
  }
  return {
    evidence: [
      `${readBy.size} checks decide for ${[...names].join(", ")}, each for one region, by that region's own name`,
      `${serverPaths.length} checks of servers ask ${[...new Set(serverPaths.map(([, path]) => path))].join(", ")}`,
    ],
    broken,
  };
}

/** What balancers ask servers, by the resource that says so. */
function* targetGroupPaths(plan: ProofContext): Generator<[string, string]> {
  for (const { name, inputs } of plan.of("aws:lb/targetGroup:TargetGroup")) {
    yield [name, String(inputs["healthCheck"]?.path ?? "/")];
  }
  for (const { name, inputs } of plan.of("aws:elasticbeanstalk/environment:Environment")) {
    for (const each of inputs["settings"] ?? []) if (each.name === "HealthCheckPath") yield [name, String(each.value)];
  }
}

function showProbes(plan: ProofContext): Shown {
  const broken: string[] = [];
  const checks = plan.of(healthCheckType);
  for (const { name, inputs } of checks) {
    if (inputs["invertHealthcheck"] === true) broken.push(`${name} is inverted: what fails would count as healthy`);
    if (inputs["disabled"] === true) broken.push(`${name} is disabled: it would always be healthy`);
    if (inputs["type"] === "CALCULATED" && Number(inputs["childHealthThreshold"]) < 1) {
      broken.push(`${name} asks for no healthy child: it would always be healthy`);
    }
    if (inputs["type"] === "CLOUDWATCH_METRIC" && inputs["insufficientDataHealthStatus"] !== "Unhealthy") {
      broken.push(`${name} is not unhealthy when its alarm has no data`);
    }
  }
  const names = new Map<string, string[]>();
  for (const { inputs } of plan.failoverRecords()) {
    const name = String(inputs["name"]);
    names.set(name, [...(names.get(name) ?? []), roleOf(inputs)!]);
    if (inputs["healthCheckId"] === undefined) broken.push(`${name}, ${roleOf(inputs)}, has no health check`);
  }
  for (const [name, roles] of names) {
    // A stack of one region has one half of each pair.
    const whole = plan.regions.length > 1;
    if (whole && [...roles].sort().join() !== "PRIMARY,SECONDARY") {
      broken.push(`${name} has the records ${roles.join(", ")}: with all unhealthy, Route 53 answers the one primary`);
    }
  }
  return {
    evidence: [
      `${checks.length} health checks, none inverted, disabled or satisfied by silence`,
      `${[...names.keys()].join(", ")}: one primary, which Route 53 answers as well when neither is healthy`,
    ],
    broken,
  };
}

function showNothingChanges(plan: ProofContext): Shown {
  const broken: string[] = [];
  for (const { type, name } of plan.graph.resources) {
    if (/^aws:cloudwatch\/eventRule:/.test(type))
      broken.push(`${name} (${type}) may start something when health changes`);
  }
  const alarms = plan.of("aws:cloudwatch/metricAlarm:MetricAlarm");
  const actionsOf = ({ inputs }: PlannedResource): string[] => [
    ...(inputs["alarmActions"] ?? []),
    ...(inputs["okActions"] ?? []),
  ];
  for (const alarm of alarms) {
    for (const action of actionsOf(alarm)) {
      if (!/:sns:/.test(action) && !/:autoscaling:/.test(action)) broken.push(`the alarm ${alarm.name} does ${action}`);
    }
  }
  const alarmTopics = new Set(alarms.flatMap(actionsOf));
  for (const { name, inputs } of plan.of("aws:sns/topicSubscription:TopicSubscription")) {
    if (alarmTopics.has(inputs["topic"]) && !/^email|^sms$/.test(String(inputs["protocol"]))) {
      broken.push(`${name} sends alarms to ${inputs["protocol"]} ${inputs["endpoint"]}, which may change something`);
    }
  }
  const [primary, standby] = plan.regions;
  const compared = standby === undefined ? 0 : compareCounts(plan, primary!, standby, broken);
  return {
    evidence: [
      "Route 53 itself chooses between records that exist; alarms notify people, and no event of health starts anything",
      "no key of the configuration says which region serves, so that the plan is the same before and after",
      ...(standby === undefined
        ? []
        : [`${compared} counts of servers and records are equal in ${primary} and ${standby}`]),
    ],
    broken,
  };
}

const counts =
  /^(desiredCount|desiredCapacity|minSize|maxSize|minCapacity|maxCapacity|provisionedConcurrentExecutions|reservedConcurrentExecutions)$/;

/** Compares the counts of the same resource in two regions. @returns how many were compared */
function compareCounts(plan: ProofContext, primary: string, standby: string, broken: string[]): number {
  const of = (region: string) =>
    new Map(
      plan.graph.resources
        .filter((each) => each.region === region)
        .flatMap((each) =>
          countsOf(each).map(([key, value]) => [`${withoutRegion(each.name, region)} ${key}`, value] as const),
        ),
    );
  const [own, other] = [of(primary), of(standby)];
  // Names that are too long are cut to a hash that differs by region; statement 8 compares such services.
  const both = [...own].filter(([key]) => other.has(key));
  for (const [key, value] of both) {
    if (other.get(key) !== value) broken.push(`${key} is ${value} in ${primary} and ${other.get(key)} in ${standby}`);
  }
  return both.length;
}

function countsOf({ inputs, type }: PlannedResource): [string, unknown][] {
  const settings = type === "aws:elasticbeanstalk/environment:Environment" ? (inputs["settings"] ?? []) : [];
  return [
    ...Object.entries(inputs).filter(([key]) => counts.test(key)),
    ...settings
      .filter(({ name }: { name: string }) => /^(MinSize|MaxSize)$/.test(name))
      .map(({ name, value }: { name: string; value: unknown }) => [name, value]),
  ];
}

/** Calls that change what clients are sent to. */
const moves =
  /^(route53:(Change|Create|Delete|Update|Associate|Disassociate|\*)|route53-recovery|arc-zonal-shift:|\*$|dynamodb:UpdateTable|globalaccelerator:)/;

function showNoWrites(plan: ProofContext): Shown {
  const broken: string[] = [];
  for (const { name, inputs } of plan.of("aws:iam/rolePolicy:RolePolicy")) {
    for (const { Effect, Action } of JSON.parse(String(inputs["policy"])).Statement) {
      const actions = [Action ?? []].flat() as string[];
      if (Effect === "Allow") {
        for (const action of actions.filter((each) => moves.test(each))) broken.push(`${name} allows ${action}`);
      }
    }
  }
  const paths = new Set(
    plan
      .failoverRecords()
      .flatMap((record) => plan.leavesOf(record).map(({ inputs }) => String(inputs["resourcePath"] ?? ""))),
  );
  paths.delete("");
  const routes = plan.of("aws:apigatewayv2/route:Route").map(({ inputs }) => String(inputs["routeKey"]));
  for (const path of paths) {
    const own = routes.filter((key) => key.endsWith(` ${path}`));
    for (const key of own.filter((each) => !each.startsWith("GET "))) broken.push(`${key} is asked by a health check`);
  }
  return {
    evidence: [
      "Route 53's health checkers fail over; they have no principal in the account, and no role may change records",
      `they send GET to ${paths.size} open paths: ${[...paths].sort().join(", ")}`,
    ],
    broken,
  };
}
