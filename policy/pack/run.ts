import type { EnforcementLevel } from "@pulumi/policy";
import type { Resource } from "../stack/resource";
import { isUnknownError, unknownPath } from "../stack/unknown";
import { environmentOf, stackOfUrn } from "./environment";
import type { Context, Environment, Rule, RuleFacts } from "./rule";

/** What people may configure of a rule, beside the engine's own `enforcementLevel`. */
export interface RuleConfig {
  /** Default: from the stack's name. */
  readonly environment?: Environment;
  /** Level in an environment; default: the rule's. */
  readonly dev?: ConfiguredLevel;
  readonly prod?: ConfiguredLevel;
  /** The engine's own; it keeps it to itself, so that it is here only where no engine is. */
  readonly enforcementLevel?: ConfiguredLevel | "remediate";
  readonly [setting: string]: unknown;
}
type ConfiguredLevel = "advisory" | "mandatory" | "disabled";

export const NOT_EVALUATED = "Not evaluated: ";

/** Reports a sentence on a resource; `level` unset means the level the rule is registered or configured with. */
export type Say = (urn: string, message: string, level?: EnforcementLevel) => void;

/**
 * Prepares a run of a rule on a resource.
 * @returns undefined when the rule is disabled in this environment
 */
export function runOf(rule: Rule, urn: string, config: RuleConfig, say: Say) {
  const environment = config.environment ?? environmentOf(stackOfUrn(urn));
  const level = levelIn(rule, environment, config);
  if (level === "disabled") return undefined;
  const said = new Set<string>();
  const context: Context = {
    environment,
    setting: <T>(name: string) => settingOf(rule, name, environment, config) as T,
    report: (resource: Resource, what: string) => {
      const message = `${resource} ${what}; ${rule.fix}`;
      if (!said.has(`${resource.urn} ${message}`)) say(resource.urn, message, level);
      said.add(`${resource.urn} ${message}`);
    },
  };
  return (check: (context: Context) => void): void => {
    try {
      check(context);
    } catch (error) {
      if (!isUnknownError(error)) throw error;
      say(urn, `${NOT_EVALUATED}${unknownPath(error)}`, "advisory");
    }
  };
}

/** Unset where it equals the level the rule is registered with, so that the engine's own configuration holds. */
function levelIn(rule: RuleFacts, environment: Environment, config: RuleConfig): ConfiguredLevel | undefined {
  const everywhere = config.enforcementLevel === "remediate" ? "mandatory" : config.enforcementLevel;
  return (
    config[environment] ?? everywhere ?? (rule.level === "production" && environment === "dev" ? "advisory" : undefined)
  );
}

function settingOf(rule: RuleFacts, name: string, environment: Environment, config: RuleConfig): unknown {
  const setting = rule.settings?.[name];
  if (setting === undefined) throw new Error(`rule "${rule.name}" has no setting "${name}"; declare it in the rule`);
  if (config[name] !== undefined) return config[name];
  return environment === "dev" && setting.dev !== undefined ? setting.dev : setting.default;
}

/** The engine refuses configuration that does not fit. Defaults are left out: they differ by environment. */
export function configSchema(rule: RuleFacts) {
  const level = { type: "string", enum: ["advisory", "mandatory", "disabled"] };
  const settings = Object.entries(rule.settings ?? {}).map(([name, { type, description }]) => [
    name,
    { type, description },
  ]);
  return {
    properties: {
      environment: { type: "string", enum: ["dev", "prod"], description: "Default: from the stack's name." },
      dev: { ...level, description: "Level outside production." },
      prod: { ...level, description: "Level in production." },
      ...Object.fromEntries(settings),
    },
  };
}
