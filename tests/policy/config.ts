import { readPolicyConfig } from "../../graph/policy/config";
import type { ConfigOf } from "../../policy/pack/policies";
import { severities } from "../../policy/pack/rule";
import type { RuleConfig } from "../../policy/pack/run";
import { writtenOut } from "../helpers/configuration";

/**
 * The pack's configuration of an environment on the day of its image release. On another day the findings of a plan
 * may differ, by the one rule that depends on the day: what tests expect must not.
 */
export function policyConfig(environment: string): ConfigOf {
  const today = writtenOut(environment).imageRelease.replace(/^\d+\.\d+\.(\d{4})(\d\d)(\d\d)\.\d+$/, "$1-$2-$3");
  const configured = readPolicyConfig(environment);
  return (rule) => (rule === "image-release-age" ? { ...configured(rule), today } : configured(rule));
}

/**
 * A configuration of the pack that reports every severity, also low, unless it selects others. Its class is set, so that
 * a rule has its own severity on the smallest program.
 */
export function everySeverity(config: Readonly<Record<string, RuleConfig>> = {}): ConfigOf {
  const { pack } = config;
  const whole: RuleConfig = {
    class: "production",
    ...pack,
    select: { severities, ...(pack?.["select"] as object | undefined) },
  };
  return (name) => (name === "pack" ? whole : (config[name] ?? {}));
}
