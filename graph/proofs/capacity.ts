import { type Fleet, fleetsOf, leftWithout } from "./fleets";
import type { Proof, ProofContext, Shown } from "./proof";
import { consequences, zonesLost } from "./zones-lost";

/** Statements about how many servers are left on bad days. */
export const capacityProofs: readonly Proof[] = [
  {
    statement: 8,
    claim: "each region at rest carries the peak with one of its zones lost, and starts nothing for it",
    rules: [
      "minimum-capacity",
      "desired-per-zone",
      "free-addresses",
      "concurrency-sum",
      "quota-headroom",
      "table-capacity",
      "region-parity",
    ],
    show: showStandby,
  },
  {
    statement: 9,
    claim: "the same while nothing can be started for 14 hours",
    rules: ["spot-floor", "scheduled-minimum", "service-deployment", "group-maintenance", "beanstalk-deployment"],
    show: showNoStarts,
  },
  {
    statement: 10,
    claim: "with all zones but one lost, what is left and what then happens is computed",
    show: showZonesLost,
  },
];

function showStandby(plan: ProofContext): Shown | undefined {
  const fleets = fleetsOf(plan);
  if (fleets.length === 0) return undefined;
  const broken: string[] = [];
  const evidence: string[] = [];
  for (const [service, own] of byService(fleets)) {
    const peak = plan.facts.peaks[service];
    const [primary] = plan.regions;
    const first = own.find(({ region }) => region === primary) ?? own[0]!;
    for (const fleet of own) {
      const { region, least, zones, pattern } = fleet;
      const left = leftWithout(1, least, zones);
      if (pattern !== "lambda" && peak !== undefined && left < peak) {
        broken.push(
          `${service} in ${region} has ${left} of ${least} servers without a zone, and its peak needs ${peak}`,
        );
      }
      if (least < first.least || (fleet.most ?? Number.POSITIVE_INFINITY) < (first.most ?? 0)) {
        broken.push(
          `${service} in ${region} has ${least} to ${fleet.most}, and ${first.region} has ${first.least} to ${first.most}`,
        );
      }
    }
    evidence.push(
      first.pattern === "lambda"
        ? `${service}: ${first.least} environments are kept warm and ${first.most ?? "no limit of"} executions reserved in each region`
        : `${service}: ${first.least} servers over ${first.zones} zones, ${leftWithout(1, first.least, first.zones)} without one, for a peak of ${peak}`,
    );
  }
  for (const { name, inputs } of plan.of("aws:dynamodb/table:Table")) {
    if (inputs["billingMode"] !== "PAY_PER_REQUEST" && !isScaled(plan, String(name))) {
      broken.push(`${name} has a fixed capacity of writes, which one region would have to take alone`);
    }
  }
  return { evidence: [...evidence, "tables are billed by request, so that each region takes all writes"], broken };
}

function isScaled(plan: ProofContext, table: string): boolean {
  return plan
    .of("aws:appautoscaling/target:Target")
    .some(({ inputs }) => String(inputs["resourceId"]).includes(`table/${table}`));
}

function byService(fleets: readonly Fleet[]): Map<string, Fleet[]> {
  const groups = new Map<string, Fleet[]>();
  for (const fleet of fleets) groups.set(fleet.service, [...(groups.get(fleet.service) ?? []), fleet]);
  return groups;
}

function showNoStarts(plan: ProofContext): Shown | undefined {
  const fleets = fleetsOf(plan);
  if (fleets.length === 0) return undefined;
  const broken: string[] = [];
  for (const { service, region, pattern, kept, zones, resource } of fleets) {
    const peak = pattern === "lambda" ? 0 : (plan.facts.peaks[service] ?? 1);
    const left = leftWithout(1, kept, zones);
    if (left < peak)
      broken.push(
        `${service} in ${region} keeps ${kept} servers when Spot takes back the rest, ${left} without a zone, for a peak of ${peak}`,
      );
    const { inputs } = resource;
    if (pattern === "ecs" && Number(inputs["deploymentMinimumHealthyPercent"] ?? 100) < 100) {
      broken.push(
        `${service} in ${region} stops tasks before others run (${inputs["deploymentMinimumHealthyPercent"]} %)`,
      );
    }
    if (pattern === "ec2") {
      const healthy = Number(inputs["instanceMaintenancePolicy"]?.minHealthyPercentage ?? 90);
      if (healthy < 100) broken.push(`${service} in ${region} terminates servers before others run (${healthy} %)`);
      if (
        inputs["instanceRefresh"] &&
        Number(inputs["instanceRefresh"].preferences?.minHealthyPercentage ?? 90) < 100
      ) {
        broken.push(`a refresh of ${service} in ${region} terminates servers before others run`);
      }
    }
    if (pattern === "beanstalk") {
      const policy = (inputs["settings"] ?? []).find(
        ({ name }: { name: string }) => name === "DeploymentPolicy",
      )?.value;
      if (policy !== "Immutable" && policy !== "RollingWithAdditionalBatch") {
        broken.push(`${service} in ${region} is deployed by ${policy}, which stops servers before others run`);
      }
    }
  }
  for (const { name, inputs } of [
    ...plan.of("aws:autoscaling/schedule:Schedule"),
    ...plan.of("aws:appautoscaling/scheduledAction:ScheduledAction"),
  ]) {
    const least = Number(inputs["minSize"] ?? inputs["scalableTargetAction"]?.minCapacity ?? 0);
    const fleet = fleets.find(
      ({ resource }) => plan.services.of(resource) === plan.services.of({ ...resource, name } as never),
    );
    const need = Math.min(...fleets.filter((each) => each === fleet || fleet === undefined).map((each) => each.least));
    if (least < need) broken.push(`the schedule ${name} takes the least of servers to ${least}`);
  }
  return {
    evidence: [
      `the least of ${fleets.length} services by region runs on capacity that AWS does not take back`,
      "releases, refreshes and managed updates start a server before they stop one, so that refused starts stop nothing",
    ],
    broken,
    open: ["that AWS itself takes no running server or warm environment away in that time"],
  };
}

function showZonesLost(plan: ProofContext): Shown | undefined {
  const rows = zonesLost(plan);
  if (rows.length === 0) return undefined;
  const known: readonly string[] = consequences;
  return {
    evidence: [
      ...new Set(
        rows.map(
          ({ service, region, left, least, consequence }) =>
            `${service} in ${region}: ${left} of ${least} left, ${consequence}`,
        ),
      ),
    ],
    broken: rows
      .filter(
        ({ left, least, consequence }) => Number.isNaN(left) || Number.isNaN(least) || !known.includes(consequence),
      )
      .map(({ service, region }) => `nothing says how many servers ${service} has in ${region}`),
  };
}
