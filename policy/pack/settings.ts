import { isServiceName } from "../stack/service-names";
import { canonicalType } from "../stack/types";
import { type Framework, frameworks, type Severity, severities } from "./rule";

/** What an environment is for: it decides how strict the rules are. */
export type EnvironmentClass = "development" | "production";

/** Permission for one resource to break one rule, for a reason and for a time. */
export interface Waiver {
  /** Name of the rule. */
  readonly rule: string;
  /** The resource: by its URN, or by its type and name. */
  readonly urn?: string;
  readonly type?: string;
  readonly name?: string;
  readonly reason: string;
  /** Last day of the waiver, as YYYY-MM-DD. */
  readonly expires: string;
}

/** A finding that was there when the pack was adopted, and is not reported again. */
export interface KnownFinding {
  readonly rule: string;
  readonly urn: string;
}

/** Which findings are reported; a list that is missing selects all. */
export interface Selection {
  /** @default all but low, when nothing else selects either */
  readonly severities?: readonly Severity[];
  /** Rules with an id in one of these catalogues. */
  readonly frameworks?: readonly Framework[];
  /** AWS services of the resources that are judged, as messages name them. */
  readonly services?: readonly string[];
}

/** Settings of the whole pack: the configuration of the policy `pack`. */
export interface PackSettings {
  readonly class: EnvironmentClass;
  /** Whether the configuration sets the class; without it, production is assumed. */
  readonly isClassSet: boolean;
  readonly waivers: readonly Waiver[];
  readonly baseline: readonly KnownFinding[];
  readonly select: Selection;
  /** Day that the expiry of waivers is compared with, as YYYY-MM-DD. */
  readonly today: string;
}

/**
 * Severities that are reported unless the configuration selects others. What is low makes a good program better: on
 * public programs, one in six of those findings was one that an owner would act on.
 */
const usualSeverities: readonly Severity[] = severities.filter((one) => one !== "low");

const classes: readonly EnvironmentClass[] = ["development", "production"];
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Reads the settings of the pack. A part that is not valid is left out, so that it weakens no rule.
 * @param ruleNames  names of all rules of the pack
 * @returns the settings, and one sentence for each part that is not valid
 */
export function readSettings(
  config: unknown,
  ruleNames: ReadonlySet<string>,
): { readonly settings: PackSettings; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const given = new Given(config, "pack", problems);
  given.only("class", "waivers", "baseline", "select", "today", "enforcementLevel");
  const environment = given.oneOf("class", classes);
  const settings: PackSettings = {
    class: environment ?? "production",
    isClassSet: environment !== undefined,
    waivers: given.list("waivers").flatMap((one) => readWaiver(one, ruleNames) ?? []),
    baseline: given.list("baseline").flatMap((one) => readKnown(one) ?? []),
    select: readSelection(given.object("select")),
    today: given.day("today") ?? new Date().toISOString().slice(0, 10),
  };
  return { settings, problems };
}

function readWaiver(given: Given, ruleNames: ReadonlySet<string>): Waiver | undefined {
  given.only("rule", "urn", "type", "name", "reason", "expires");
  const rule = given.text("rule", "the name of a rule");
  const reason = given.text("reason", "the reason why the resource may break the rule");
  const expires = given.day("expires", "required");
  const [urn, type, name] = [given.optional("urn"), given.optional("type"), given.optional("name")];
  if (rule !== undefined && !ruleNames.has(rule)) {
    given.refuse("rule", "the name of a rule of the pack", rule, "docs of the pack list the names");
    return undefined;
  }
  const byUrn = urn !== undefined && type === undefined && name === undefined;
  const byName = urn === undefined && type !== undefined && name !== undefined;
  if (!byUrn && !byName) {
    given.say("must name one resource, by urn or by type and name; set urn, or both type and name");
    return undefined;
  }
  if (rule === undefined || reason === undefined || expires === undefined) return undefined;
  return { rule, reason, expires, ...(byUrn ? { urn } : { type: canonicalType(type ?? ""), name: name ?? "" }) };
}

function readKnown(given: Given): KnownFinding | undefined {
  given.only("rule", "urn");
  const [rule, urn] = [given.text("rule", "the name of a rule"), given.text("urn", "the URN of a resource")];
  return rule === undefined || urn === undefined ? undefined : { rule, urn };
}

function readSelection(given: Given): Selection {
  given.only("severities", "frameworks", "services");
  const lists = {
    severities: given.texts("severities", (one): one is Severity => severities.includes(one as Severity), severities),
    frameworks: given.texts("frameworks", (one): one is Framework => frameworks.includes(one as Framework), frameworks),
    services: given.texts("services", (one): one is string => isServiceName(one), ["names such as ECS or Route 53"]),
  };
  const selected = Object.fromEntries(Object.entries(lists).filter(([, list]) => list !== undefined));
  return given.isEmpty() ? { severities: usualSeverities } : selected;
}

/** An object of the configuration, with its place and what is wrong in it. */
class Given {
  private readonly values: Readonly<Record<string, unknown>>;

  constructor(
    value: unknown,
    private readonly place: string,
    private readonly problems: string[],
  ) {
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    if (!isObject && value !== undefined) this.say(`must be an object, got ${JSON.stringify(value)}; write { ... }`);
    this.values = isObject ? (value as Record<string, unknown>) : {};
  }

  say(sentence: string): void {
    this.problems.push(`${this.place} ${sentence}`);
  }

  refuse(key: string, allowed: string, got: unknown, fix: string): void {
    this.problems.push(`${this.place}.${key} must be ${allowed}, got ${JSON.stringify(got) ?? "nothing"}; ${fix}`);
  }

  only(...keys: readonly string[]): void {
    for (const key of Object.keys(this.values).filter((one) => !keys.includes(one))) {
      this.say(`has no setting "${key}"; it takes ${keys.join(", ")}`);
    }
  }

  isEmpty(): boolean {
    return Object.keys(this.values).length === 0;
  }

  optional(key: string): string | undefined {
    return this.values[key] === undefined ? undefined : this.text(key, "text");
  }

  text(key: string, what: string): string | undefined {
    const value = this.values[key];
    if (typeof value === "string" && value.trim() !== "") return value;
    this.refuse(key, what, value, `set ${key}`);
    return undefined;
  }

  day(key: string, need: "required" | "optional" = "optional"): string | undefined {
    const value = this.values[key];
    if (value === undefined && need === "optional") return undefined;
    if (typeof value === "string" && DAY.test(value) && isDay(value)) return value;
    this.refuse(key, "a day as YYYY-MM-DD", value, `set ${key} to a day such as 2027-01-31`);
    return undefined;
  }

  oneOf<T extends string>(key: string, allowed: readonly T[]): T | undefined {
    const value = this.values[key];
    if (value === undefined || allowed.includes(value as T)) return value as T | undefined;
    this.refuse(key, allowed.join(" or "), value, `set one of them`);
    return undefined;
  }

  /** A list that has an invalid element selects by the others; one without a valid element selects all. */
  texts<T extends string>(
    key: string,
    isAllowed: (one: string) => one is T,
    allowed: readonly string[],
  ): readonly T[] | undefined {
    const value = this.values[key];
    if (value === undefined) return undefined;
    const found = (Array.isArray(value) ? value : [value]).map(String);
    for (const one of found.filter((text) => !isAllowed(text))) {
      this.refuse(key, `a list of ${allowed.join(", ")}`, one, "fix or remove it");
    }
    const valid = found.filter(isAllowed);
    return valid.length === 0 ? undefined : valid;
  }

  object(key: string): Given {
    return new Given(this.values[key], `${this.place}.${key}`, this.problems);
  }

  list(key: string): Given[] {
    const value = this.values[key];
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.refuse(key, "a list", value, "write [ ... ]");
      return [];
    }
    return value.map((one, i) => new Given(one, `${this.place}.${key}[${i}]`, this.problems));
  }
}

function isDay(value: string): boolean {
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

const text = { type: "string", minLength: 1 };

/** Schema of the settings, which the engine checks before it starts. */
export const settingsSchema = {
  properties: {
    class: { type: "string", enum: classes, description: "What the environment is for. Default: production." },
    waivers: {
      type: "array",
      description: "Resources that may break a rule: rule, urn or type and name, reason, expires (last day).",
      items: {
        type: "object",
        properties: { rule: text, urn: text, type: text, name: text, reason: text, expires: text },
        required: ["rule", "reason", "expires"],
        additionalProperties: false,
      },
    },
    baseline: {
      type: "array",
      description: "Findings that are known and not reported again: rule and urn.",
      items: { type: "object", properties: { rule: text, urn: text }, required: ["rule", "urn"] },
    },
    select: {
      type: "object",
      description: "Which findings are reported: severities, frameworks, services. Default: all but the severity low.",
      properties: {
        severities: { type: "array", items: { type: "string", enum: severities } },
        frameworks: { type: "array", items: { type: "string", enum: frameworks } },
        services: { type: "array", items: text },
      },
      additionalProperties: false,
    },
    today: { type: "string", description: "Day that expiry is compared with. Default: the day the pack runs." },
  },
};
