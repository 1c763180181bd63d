import type { Severity } from "../pack/rule";
import { NOT_EVALUATED, WAIVED } from "../pack/run";

/** One violation of a rule of the pack, by a resource or by the whole stack. */
export interface Finding {
  readonly policy: string;
  /**
   * `not-evaluated`: the rule needs a value that is only known after deployment. `waived`: a waiver of the pack's
   * configuration covers it.
   */
  readonly level: "advisory" | "mandatory" | "not-evaluated" | "waived";
  readonly severity: Severity;
  readonly urn: string;
  readonly message: string;
  /** The other findings with the same cause, where findings are listed by cause. */
  readonly covers?: readonly { readonly policy: string; readonly urn: string }[];
}

const LEVELS: readonly Finding["level"][] = ["mandatory", "advisory", "not-evaluated", "waived"];
/** Severities, the worst first. */
export const SEVERITIES: readonly Severity[] = ["critical", "high", "medium", "low"];

/** Returns the level of a violation as findings have it. */
export function levelOf(message: string, mandatory: boolean): Finding["level"] {
  if (message.startsWith(NOT_EVALUATED)) return "not-evaluated";
  if (message.startsWith(WAIVED)) return "waived";
  return mandatory ? "mandatory" : "advisory";
}

/** Orders findings by level, severity, rule and resource. */
export function byImportance(a: Finding, b: Finding): number {
  return (
    LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    compare(a.policy, b.policy) ||
    compare(a.urn, b.urn) ||
    compare(a.message, b.message)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Tells whether one of the findings breaks a mandatory rule. */
export function hasMandatory(findings: readonly Finding[]): boolean {
  return findings.some(({ level }) => level === "mandatory");
}
