import { outside } from "../ledger/ledger";
import { isInside, type LedgerEntry } from "../ledger/need";
import type { PlannedResource } from "../model";
import type { Proof, ProofContext, Shown } from "./proof";

/** Statements about a request: what it needs, where that is, and what it does without. */
export const requestProofs: readonly Proof[] = [
  {
    statement: 6,
    claim: "from client to store, no request leaves the region",
    rules: ["no-other-region"],
    show: showRequests,
  },
  {
    statement: 12,
    claim: "what a server starts from is in its region",
    rules: ["images-in-region", "start-without-internet"],
    show: showStarts,
  },
  { statement: 13, claim: "endpoints of AWS's APIs are regional", rules: ["regional-sts"], show: showEndpoints },
  { statement: 14, claim: "known targets serve while the registry does not answer", show: showDiscovery },
  {
    statement: 15,
    claim: "logs, metrics and traces that fail cost no request",
    rules: ["non-blocking-logs"],
    show: showObservability,
  },
];

function showRequests({ ledger }: ProofContext): Shown | undefined {
  const served = ledger.entries.filter(({ purpose }) => purpose === "serve");
  if (served.length === 0) return undefined;
  const away = outside(served);
  return {
    evidence: [`${served.length - away.length} calls of requests are answered in their region`, ...acceptedOf(away)],
    broken: away
      .filter(({ accepted }) => accepted === undefined)
      .map(
        ({ service, call, region, answeredBy, resources }) =>
          `${resources[0]} in ${region} asks ${service} (${call}), answered by ${answeredBy.name}`,
      ),
  };
}

/** Says of each call that may leave the region why it may, once where regions differ alone. */
function acceptedOf(entries: readonly LedgerEntry[]): string[] {
  const said = entries.flatMap(({ service, call, answeredBy, accepted }) => {
    const where = answeredBy.kind === "region" ? `, answered by ${answeredBy.name}` : "";
    return accepted === undefined ? [] : [`${service}, ${call}${where}: ${accepted}`];
  });
  return [...new Set(said)];
}

function showStarts({ ledger }: ProofContext): Shown | undefined {
  const starts = ledger.entries.filter(
    ({ purpose, plane }) => (purpose === "scale" || purpose === "replace") && plane === "data",
  );
  if (starts.length === 0) return undefined;
  const away = starts.filter(({ answeredBy, region }) => !isInside(answeredBy, region));
  return {
    evidence: [
      `${starts.length} reads of images, artifacts, secrets and settings at a start are answered in their region`,
    ],
    broken: away.map(
      ({ service, call, region, answeredBy, resources }) =>
        `${resources[0]} in ${region} starts from ${service} (${call}), answered by ${answeredBy.name}`,
    ),
  };
}

const regionalServices = /STS|DynamoDB|KMS|Cloud Map|AWS APIs|Secrets Manager|Systems Manager/;

function showEndpoints(plan: ProofContext): Shown | undefined {
  const variables = [...regionVariables(plan)];
  if (variables.length === 0) return undefined;
  const away = plan.ledger.entries.filter(
    ({ service, answeredBy, region, purpose }) =>
      purpose !== "deploy" &&
      regionalServices.test(service) &&
      !isInside(answeredBy, region) &&
      answeredBy.kind === "region",
  );
  const broken = away
    .filter(({ accepted }) => accepted === undefined)
    .map(
      ({ service, call, answeredBy, resources }) =>
        `${resources[0]}: ${service}, ${call}, is answered by ${answeredBy.name}`,
    );
  for (const [resource, name, value] of variables) {
    if (name === "AWS_STS_REGIONAL_ENDPOINTS" && value !== "regional")
      broken.push(`${resource.name} sets ${name}=${value}`);
    if (name === "AWS_REGION" && value !== resource.region)
      broken.push(`${resource.name} is in ${resource.region} and sets ${name}=${value}`);
  }
  const set = variables.filter(([, name]) => name === "AWS_REGION").length;
  return {
    evidence: [
      `${set} groups of servers have their own region in AWS_REGION, functions have it from Lambda; the SDK asks that region`,
      ...acceptedOf(away),
    ],
    broken,
  };
}

/** Variables of servers that decide which endpoints the SDK asks. */
function* regionVariables(plan: ProofContext): Generator<[PlannedResource, string, string]> {
  const name = /^AWS_(REGION|DEFAULT_REGION|STS_REGIONAL_ENDPOINTS)$/;
  for (const task of plan.of("aws:ecs/taskDefinition:TaskDefinition")) {
    for (const { environment = [] } of JSON.parse(String(task.inputs["containerDefinitions"]))) {
      for (const each of environment) if (name.test(each.name)) yield [task, each.name, each.value];
    }
  }
  for (const environment of plan.of("aws:elasticbeanstalk/environment:Environment")) {
    for (const each of environment.inputs["settings"] ?? [])
      if (name.test(each.name)) yield [environment, each.name, each.value];
  }
  for (const template of plan.of("aws:ec2/launchTemplate:LaunchTemplate")) {
    const text = Buffer.from(String(template.inputs["userData"] ?? ""), "base64").toString("utf8");
    for (const [, key, value] of text.matchAll(/^\s*(AWS_[A-Z_]+)=(\S+)$/gm))
      if (name.test(key!)) yield [template, key!, value!];
  }
  for (const lambda of plan.of("aws:lambda/function:Function")) {
    for (const [key, value] of Object.entries(lambda.inputs["environment"]?.variables ?? {})) {
      if (name.test(key)) yield [lambda, key, String(value)];
    }
  }
}

function showDiscovery(plan: ProofContext): Shown | undefined {
  const services = plan.of("aws:ecs/service:Service");
  if (services.length === 0) return undefined;
  const broken: string[] = [];
  const evidence: string[] = [];
  for (const { name, region, inputs } of services) {
    const registry = [inputs["serviceRegistries"] ?? []].flat()[0]?.registryArn;
    if (registry === undefined) {
      if ((inputs["loadBalancers"] ?? []).length === 0) broken.push(`${name} is in no registry and behind no balancer`);
      else evidence.push(`${name} is behind a balancer: no registration depends on us-east-1`);
      continue;
    }
    const named = plan.ledger.entries.some(
      ({ purpose, resources, service }) =>
        purpose === "replace" && service === "Amazon Route 53 private DNS" && resources.includes(name),
    );
    evidence.push(
      named
        ? `${name} is registered in a private DNS namespace: replacing a task needs us-east-1, which the ledger names`
        : `${name} is registered without DNS`,
    );
    const own = plan.index.arn(registry);
    if (own !== undefined && own.inputs["healthCheckCustomConfig"] === undefined) {
      broken.push(
        `${own.name} has no health of its own: a task that failed stays in every answer while its record cannot be removed (${region})`,
      );
    }
  }
  for (const { name, inputs } of plan.of("aws:apigatewayv2/integration:Integration")) {
    const uri = String(inputs["integrationUri"] ?? "");
    const namespaces = plan
      .of("aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace")
      .map((each) => String(each.inputs["name"]));
    if (namespaces.some((namespace) => uri.includes(`.${namespace}`))) {
      broken.push(
        `${name} finds its targets by DNS (${uri}), whose records us-east-1 changes; give it the ARN of the Cloud Map service`,
      );
    }
  }
  return {
    evidence,
    broken,
    open: ["that known targets go on serving while registration is refused: `npm start -- --dark` shows it locally"],
  };
}

function showObservability(plan: ProofContext): Shown | undefined {
  const tasks = plan.of("aws:ecs/taskDefinition:TaskDefinition");
  const alarms = plan.of("aws:cloudwatch/metricAlarm:MetricAlarm");
  if (tasks.length + alarms.length === 0) return undefined;
  const broken: string[] = [];
  const buffers = new Set<string>();
  for (const { name, inputs } of tasks) {
    for (const container of JSON.parse(String(inputs["containerDefinitions"]))) {
      const options = container.logConfiguration?.options ?? {};
      if (options.mode !== "non-blocking") broken.push(`${name}: the container ${container.name} waits for its logs`);
      else if (options["max-buffer-size"] === undefined)
        broken.push(`${name}: the container ${container.name} states no memory for its logs`);
      else buffers.add(options["max-buffer-size"]);
    }
  }
  const scalesIn = new Set(
    plan
      .of("aws:autoscaling/policy:Policy")
      .filter(({ inputs }) => Number(inputs["scalingAdjustment"]) < 0)
      .map(({ outputs }) => outputs["arn"]),
  );
  for (const { name, inputs } of alarms) {
    const shrinks = ((inputs["alarmActions"] ?? []) as string[]).some((action) => scalesIn.has(action));
    if (shrinks && inputs["treatMissingData"] === "breaching")
      broken.push(`${name} takes servers away when it has no data`);
  }
  for (const { name, inputs } of [
    ...plan.of("aws:appautoscaling/policy:Policy"),
    ...plan.of("aws:autoscaling/policy:Policy"),
  ]) {
    if (!/^TargetTracking/.test(String(inputs["policyType"])))
      broken.push(`${name} scales by steps, which may take servers away for missing data`);
  }
  return {
    evidence: [
      `containers drop logs beyond ${[...buffers].join(", ") || "their buffer"} instead of waiting`,
      "scaling tracks targets, and without data such a policy takes no servers away",
      "traces go to Lambda and API Gateway themselves; servers write logs to a file of limited size",
    ],
    broken,
  };
}
