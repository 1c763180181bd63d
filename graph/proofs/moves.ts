import { falseMoveChance } from "../summary/false-moves";
import { healthCheckType, whenMoved } from "./failover";
import type { Proof, ProofContext, Shown } from "./proof";

/** The statement about what a service that is ill moves. */
export const moveProofs: readonly Proof[] = [
  {
    statement: 23,
    claim: "the ill health of a service moves what its checks say, and no more",
    rules: ["failover-own-check"],
    show: (plan) => whenMoved(plan, showWhatMoves),
  },
];

function showWhatMoves(plan: ProofContext): Shown {
  const broken: string[] = [];
  const evidence: string[] = [];
  const [primary] = plan.regions;
  for (const record of plan.failoverRecords()) {
    const check = plan.of(healthCheckType).find(({ outputs }) => outputs["id"] === record.inputs["healthCheckId"]);
    const children = (check?.inputs["childHealthchecks"] ?? []) as unknown[];
    const needed = children.length === 0 ? 1 : Number(check?.inputs["childHealthThreshold"]);
    const leaves = plan.leavesOf(record);
    if (leaves.length === 0) broken.push(`no check decides for ${record.name}`);
    if (children.length > 0 && (needed > children.length || new Set(children).size !== children.length)) {
      broken.push(`${check!.name} asks for ${needed} of ${new Set(children).size} healthy checks`);
    }
    if (record.region !== primary) continue;
    const asked = leaves
      .map(({ inputs }) => String(inputs["resourcePath"] ?? inputs["cloudwatchAlarmName"] ?? ""))
      .sort();
    evidence.push(
      `${record.inputs["name"]} leaves ${primary} when more than ${Math.max(leaves.length, 1) - needed} of ${leaves.length} checks fail: ${asked.join(", ")}`,
      `services that are ill by themselves ${Number((100 - plan.facts.availabilityPercent).toPrecision(2))} % of the time each move it ${chances(plan, leaves.length, needed)}`,
    );
  }
  for (const service of plan.services.names) {
    const moved = plan
      .failoverRecords()
      .filter((record) => record.region === primary && !plan.isHealthy(record, new Set([service])));
    const names = [...new Set(moved.map(({ inputs }) => String(inputs["name"])))].sort();
    const meant = namesMeant(plan, service);
    const moves = `${service} alone ill moves ${names.join(", ") || "nothing"}`;
    if (names.join() === meant.join()) evidence.push(`${moves}, as configured`);
    else broken.push(`${moves}, and configuration says ${meant.join(", ") || "nothing"}`);
  }
  return { evidence, broken };
}

/** Returns the names that configuration has one service move, of those that the stack has. */
function namesMeant(plan: ProofContext, service: string): string[] {
  const names = new Set(plan.failoverRecords().map(({ inputs }) => String(inputs["name"])));
  return [...names].filter((name) => plan.facts.names[name]?.movedBy.includes(service)).sort();
}

/** Writes for which part of the time a name is moved by services that are ill by themselves, now and with twice as many. */
function chances({ facts }: ProofContext, services: number, needed: number): string {
  const spare = services - needed;
  const percent = (count: number) =>
    Number((100 * falseMoveChance(count, count - spare, facts.availabilityPercent / 100)).toPrecision(2));
  return `${percent(services)} % of the time, and with ${2 * services} of them ${percent(2 * services)} %`;
}
