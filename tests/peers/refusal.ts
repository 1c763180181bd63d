import type { PeerFinding } from "./judges";

/** Why findings of peers stay. Every finding on a plan must be answered here, and every answer must still be needed. */
export interface Refusal {
  /** Rule ids that say the same, over all packs. */
  readonly rules: readonly string[];
  /** Names of planned resources without region; `*` stands for anything. */
  readonly resources: readonly string[];
  /** What exactly, where the rule tells; the region is `<region>`, `*` stands for anything, `**` for an asterisk. */
  readonly details?: readonly string[];
  readonly wants: string;
  /** `blind`: the resource is as the rule wants it, and the rule cannot see that. */
  readonly answer: "refused" | "blind";
  readonly why: string;
  /** Set when only this environment has it. */
  readonly only?: "dev";
}

export const refused = (rest: Omit<Refusal, "answer">): Refusal => ({ ...rest, answer: "refused" });
export const blind = (rest: Omit<Refusal, "answer">): Refusal => ({ ...rest, answer: "blind" });
/** Whether the refusal answers the finding. */
export function answers(refusal: Refusal, found: PeerFinding): boolean {
  const { rules, resources, details } = refusal;
  if (!rules.includes(found.rule) || !resources.some((pattern) => matches(pattern, found.resource))) return false;
  const detail = (found.detail ?? "").replaceAll(found.region, "<region>");
  return details === undefined || details.some((pattern) => matches(pattern, detail));
}

function matches(pattern: string, text: string): boolean {
  const parts = pattern.split(/(\*\*?)/).map((part) => {
    if (part === "**") return "\\*";
    return part === "*" ? ".*" : part.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`, "s").test(text);
}
