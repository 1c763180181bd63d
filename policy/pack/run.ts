import type { EnforcementLevel } from "@pulumi/policy";
import type { Resource } from "../stack/resource";
import { isUnknownError, unknownPath } from "../stack/unknown";
import type { Context, RuleFacts, Severity } from "./rule";
import { type Session, subjectOf } from "./session";
import type { EnvironmentClass } from "./settings";

/** What people may configure of a rule. */
export interface RuleConfig {
  /** Class of the environment for this rule alone. @default the pack's */
  readonly class?: EnvironmentClass;
  /** The engine's own, which it does not pass on; present only outside the engine. */
  readonly enforcementLevel?: EnforcementLevel;
  readonly [setting: string]: unknown;
}

/** Beginning of the message of a rule that reads a value which is known after deployment only. */
export const NOT_EVALUATED = "Not evaluated: ";
/** Beginning of the message of a finding that a waiver covers. */
export const WAIVED = "Waived until ";

/**
 * Reports a sentence on a resource; `level` unset means the level the rule is registered or configured with, and `severity`
 * unset the rule's own.
 */
export type Say = (urn: string, message: string, level?: EnforcementLevel, severity?: Severity) => void;

/**
 * Prepares a run of a rule on a resource.
 * @returns undefined when the rule is disabled
 */
export function runOf(rule: RuleFacts, urn: string, config: RuleConfig, say: Say, session: Session) {
  const environment = config.class ?? session.class;
  const level = levelIn(rule, environment, config);
  if (level === "disabled") return undefined;
  const said = new Set<string>();
  const tell = (resource: Resource, what: string, fix: string, severity: Severity, at?: EnforcementLevel): void => {
    const message = sentenceOf(resource, what, fix);
    if (said.has(`${resource.urn} ${message}`) || session.isRead(resource.urn)) return;
    said.add(`${resource.urn} ${message}`);
    if (!session.selectsRule({ ...rule, severity }) || !session.selectsResource(resource.type)) return;
    if (session.isKnown(rule.name, resource.urn)) return;
    const waiver = session.waiver(rule.name, resource);
    if (waiver === undefined) say(resource.urn, message, at, severity);
    else say(resource.urn, `${WAIVED}${waiver.expires}, because ${waiver.reason}: ${message}`, "advisory", severity);
  };
  const isAsked = hasSettings(config) || classOf(config, session) !== undefined;
  const context: Context = {
    environment,
    isRead: ({ urn: of }) => session.isRead(of),
    setting: <T>(name: string) => settingOf(rule, name, classOf(config, session), config) as T,
    report: (resource, what, fix = rule.fix) => tell(resource, what, fix, rule.severity, level),
    advise: (resource, what, fix = rule.fix) =>
      isAsked ? tell(resource, what, fix, rule.severity, level) : tell(resource, what, fix, "low", "advisory"),
  };
  return (check: (context: Context) => void): void => {
    try {
      check(context);
    } catch (error) {
      if (!isUnknownError(error)) throw error;
      const subject = subjectOf(urn);
      session.waiver(rule.name, subject); // It may be needed: only the deployment can tell.
      if (session.selectsRule(rule) && session.selectsResource(subject.type))
        say(urn, `${NOT_EVALUATED}${unknownPath(error)}`, "advisory");
    }
  };
}

/** Between what a finding says and how to fix it; no fix contains it. */
const FIX = "; ";

function sentenceOf(resource: Resource, what: string, fix: string): string {
  return `${resource} ${what}${FIX}${fix}`;
}

/** Tells what a message of a rule says from how to fix it. */
export function partsOf(message: string): readonly [says: string, fix: string] {
  const at = message.lastIndexOf(FIX);
  return at < 0 ? [message, ""] : [message.slice(0, at), message.slice(at + FIX.length)];
}

/**
 * Returns the level of a finding, or undefined where it is the one the rule is registered with, so that the engine's own
 * configuration applies. In development, a rule for production is advisory even where another level is configured, and
 * so is advice that the program is not for: the engine does not pass a configured level on, and findings must be the
 * same outside it.
 */
function levelIn(rule: RuleFacts, environment: EnvironmentClass, config: RuleConfig): EnforcementLevel | undefined {
  if (config.enforcementLevel === "disabled") return "disabled";
  if (rule.level === "production" && environment === "development") return "advisory";
  if (isConditional(rule) && rule.severity === "low") return "advisory";
  return config.enforcementLevel === "remediate" ? "mandatory" : config.enforcementLevel;
}

/** Tells whether the severity of a rule depends on the program. */
export function isConditional({ lowUnless, example }: RuleFacts): boolean {
  return lowUnless !== undefined || example !== undefined;
}

/** Tells whether a rule has settings of its own, other than its level and class. */
export function hasSettings(config: RuleConfig): boolean {
  return Object.keys(config).some((key) => key !== "enforcementLevel" && key !== "class");
}

/** Returns the configured class of the environment, of the rule or of the pack; undefined when none is set. */
export function classOf(config: RuleConfig, session: Session): EnvironmentClass | undefined {
  return config.class ?? (session.isClassSet ? session.class : undefined);
}

function settingOf(
  rule: RuleFacts,
  name: string,
  environment: EnvironmentClass | undefined,
  config: RuleConfig,
): unknown {
  const setting = rule.settings?.[name];
  if (setting === undefined) throw new Error(`rule "${rule.name}" has no setting "${name}"; declare it in the rule`);
  if (config[name] !== undefined) return config[name];
  const { development, withoutClass } = setting;
  if (environment === undefined) return withoutClass ?? setting.default;
  return environment === "development" ? (development ?? setting.default) : setting.default;
}

/** Schema of a rule's configuration, which the engine checks. It has no defaults: they differ by class. */
export function configSchema(rule: RuleFacts) {
  const settings = Object.entries(rule.settings ?? {}).map(([name, { type, description }]) => [
    name,
    { type, description },
  ]);
  return {
    properties: {
      class: {
        type: "string",
        enum: ["development", "production"],
        description: "Class of the environment for this rule alone. Default: the pack's.",
      },
      ...Object.fromEntries(settings),
    },
  };
}
