import { existsSync, readFileSync } from "node:fs";

/** The engine's own record of a run, a line each; only what is read here. */
export interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: StepEvent };
  readonly diagnosticEvent?: { readonly severity: string; readonly message: string; readonly urn?: string };
  readonly policyEvent?: {
    readonly policyName: string;
    readonly enforcementLevel: string;
    readonly resourceUrn?: string;
    readonly message: string;
  };
  readonly summaryEvent?: { readonly resourceChanges: Readonly<Record<string, number>> };
}

interface StepEvent {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
}

export function readEvents(file: string): EngineEvent[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line));
}

/** What the engine did, as `<operation> <type> <name>`, sorted; without what stayed the same. */
export function operations(events: readonly EngineEvent[]): string[] {
  return stepsInOrder(events).sort();
}

/** What the engine did, as `operations` says it, in the order in which the steps began. */
export function stepsInOrder(events: readonly EngineEvent[]): string[] {
  return events
    .flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? [])
    .filter(({ op }) => !["same", "read", "refresh"].includes(op))
    .map(({ op, urn, type }) => `${op} ${type} ${urn.split("::").slice(3).join("::")}`);
}

/** How many of each kind. */
export function counts(events: readonly EngineEvent[]): Record<string, number> {
  return { ...events.findLast(({ summaryEvent }) => summaryEvent)?.summaryEvent?.resourceChanges };
}

/** What the engine said was wrong. */
export function errors(events: readonly EngineEvent[]): string[] {
  return events
    .flatMap(({ diagnosticEvent }) => diagnosticEvent ?? [])
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => message.trim());
}

/** What the policy pack said, as `<level> <policy> <urn>`; without what it could not tell yet. */
export function findings(events: readonly EngineEvent[]): string[] {
  return events
    .flatMap(({ policyEvent }) => policyEvent ?? [])
    .filter(({ message }) => !message.startsWith("Not evaluated"))
    .map(({ enforcementLevel, policyName, resourceUrn }) => `${enforcementLevel} ${policyName} ${resourceUrn}`);
}
