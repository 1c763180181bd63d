import type { Graph, PlannedResource } from "../model";

/** A part of the plan that costs while it is not used, and that an environment may leave out. */
interface StandingCost {
  /** @example "private API" */
  readonly part: string;
  /** What of it is counted. @example "2 endpoint zones" */
  readonly counted: string;
  /** US dollars an hour. */
  readonly hourly: number;
}

const hoursPerMonth = 730;

/**
 * Prices of us-east-1 in US dollars on 2026-11-27; other regions differ by up to a third.
 * @see https://aws.amazon.com/privatelink/pricing/
 * @see https://aws.amazon.com/api-gateway/pricing/
 * @see https://aws.amazon.com/waf/pricing/
 */
const prices = {
  endpointZoneHour: 0.01,
  /** By gigabytes, an hour. */
  cacheHour: { "0.5": 0.02, "1.6": 0.038, "6.1": 0.2, "13.5": 0.25, "28.4": 0.5, "58.2": 1, "118": 1.9, "237": 3.8 },
  webAclMonth: 5,
  webAclRuleMonth: 1,
};

/** Returns what the parts that `leaveOut` names cost by the hour, traffic apart. */
export function standingCosts({ resources }: Graph): StandingCost[] {
  const of = (type: string, tells: (inputs: PlannedResource["inputs"]) => boolean = () => true) =>
    resources.filter((each) => each.type === type && tells(each.inputs)).map(({ inputs }) => inputs);
  const zones = of("aws:ec2/vpcEndpoint:VpcEndpoint", ({ serviceName }) => /\.execute-api$/.test(serviceName)).flatMap(
    ({ subnetIds }) => subnetIds as unknown[],
  ).length;
  const caches = of("aws:apigateway/stage:Stage", ({ cacheClusterEnabled }) => cacheClusterEnabled === true);
  const acls = of("aws:wafv2/webAcl:WebAcl");
  const rules = acls.reduce((count, { rules: own = [] }) => count + own.length, 0);
  const cacheHours: Readonly<Record<string, number>> = prices.cacheHour;
  return [
    { part: "private API", counted: counted(zones, "endpoint zone"), hourly: zones * prices.endpointZoneHour },
    {
      part: "REST API cache",
      counted: counted(caches.length, "stage"),
      hourly: caches.reduce((sum, { cacheClusterSize }) => sum + (cacheHours[String(cacheClusterSize)] ?? 0), 0),
    },
    {
      part: "firewalls",
      counted: counted(rules, "rule"),
      hourly: (acls.length * prices.webAclMonth + rules * prices.webAclRuleMonth) / hoursPerMonth,
    },
  ].filter(({ hourly }) => hourly > 0);
}

/** Writes standing costs as lines, and what the environment leaves out. */
export function renderStandingCosts(graph: Graph): string[] {
  const { leftOut = [] } = graph;
  const costs = standingCosts(graph);
  const each = costs.map(({ part, counted, hourly }) => `${part} ${dollars(hourly)} (${counted})`);
  const month = costs.reduce((sum, { hourly }) => sum + hourly * hoursPerMonth, 0);
  return [
    ...(costs.length > 0
      ? [
          `by the hour, used or not: ${each.join(", ")}; about $${Math.round(month)} a month; platform:leaveOut leaves them out`,
        ]
      : []),
    ...(leftOut.length > 0 ? [`left out by platform:leaveOut: ${leftOut.join(", ")}; npm start runs them`] : []),
  ];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function dollars(amount: number): string {
  return `$${amount.toFixed(3).replace(/0$/, "")}`;
}
