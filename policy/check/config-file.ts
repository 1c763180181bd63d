import { readFileSync } from "node:fs";
import { packFacts } from "../pack/own-policies";
import type { ConfigOf } from "../pack/policies";
import type { RuleFacts, Setting } from "../pack/rule";
import type { RuleConfig } from "../pack/run";
import { settingsSchema } from "../pack/settings";
import { factsByName } from "./facts";
import { UserError } from "./user-error";

const LEVELS: readonly unknown[] = ["advisory", "mandatory", "remediate", "disabled"];
const CLASSES: readonly unknown[] = ["development", "production"];

/**
 * Reads a configuration file of the pack: the same file as for `pulumi preview --policy-pack-config`.
 * @returns a function from the name of a policy to its configuration
 * @throws {UserError} a sentence per problem, when the file is not a configuration of this pack
 */
export function readConfigFile(path: string): ConfigOf {
  return parseConfig(readConfigDocument(path), path);
}

/** Returns the content of a configuration file, which is checked. @throws {UserError} as `readConfigFile` */
export function readConfigDocument(path: string): Readonly<Record<string, unknown>> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new UserError(`${path} cannot be read: ${(error as Error).message}; name a file that exists`);
  }
  try {
    const document = JSON.parse(text);
    parseConfig(document, path);
    return document;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${path} is not JSON: ${(error as Error).message}; fix that line`);
  }
}

/**
 * Converts the content of a configuration file, as the engine does: a text is a level, and `all` is the level of the
 * policies that have none of their own.
 * @param path  name of the file in messages
 */
export function parseConfig(document: unknown, path: string): ConfigOf {
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    throw new UserError(`${path} must be an object, got ${JSON.stringify(document)}; write { "<rule>": { ... } }`);
  }
  const entries = Object.entries(document).filter(([name]) => name !== "environments");
  const problems = entries.flatMap(([name, value]) => problemsOf(name, value).map((one) => `${path}: ${one}`));
  if (problems.length > 0) throw new UserError(problems.join("\n"));
  const configs = new Map(entries.map(([name, value]) => [name, asConfig(value)]));
  const all = configs.get("all")?.enforcementLevel;
  return (name) => ({ ...(all === undefined ? {} : { enforcementLevel: all }), ...configs.get(name) });
}

function asConfig(value: unknown): RuleConfig {
  return typeof value === "string" ? ({ enforcementLevel: value } as RuleConfig) : (value as RuleConfig);
}

function problemsOf(name: string, value: unknown): string[] {
  const facts = factsByName.get(name);
  if (facts === undefined && name !== "all") {
    return [`"${name}" is no policy of the pack; docs of the pack list the names`];
  }
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isObject && typeof value !== "string") {
    return [`"${name}" must be a level or an object, got ${JSON.stringify(value)}; write { ... }`];
  }
  const config = asConfig(value);
  return Object.entries(config).flatMap(([key, one]) => problemOf(name, facts, key, one) ?? []);
}

function problemOf(name: string, facts: RuleFacts | undefined, key: string, value: unknown): string | undefined {
  const got = JSON.stringify(value);
  if (key === "enforcementLevel") {
    return LEVELS.includes(value)
      ? undefined
      : `"${name}": enforcementLevel must be ${LEVELS.join(", ")}, got ${got}; set one of them`;
  }
  // The session reports what is wrong in the settings of the pack, as it does in the engine.
  if (name === packFacts.name && key in settingsSchema.properties) return undefined;
  if (key === "class" && name !== packFacts.name) {
    return CLASSES.includes(value)
      ? undefined
      : `"${name}": class must be ${CLASSES.join(" or ")}, got ${got}; set one of them`;
  }
  const settings = name === packFacts.name ? settingsSchema.properties : (facts?.settings ?? {});
  const setting = facts?.settings?.[key];
  if (setting === undefined) {
    const known = ["enforcementLevel", "class", ...Object.keys(settings)].join(", ");
    return `"${name}" has no setting "${key}"; it takes ${[...new Set(known.split(", "))].join(", ")}`;
  }
  return isOfType(value, setting.type)
    ? undefined
    : `"${name}": ${key} must be of type ${setting.type}, got ${got}; fix the value`;
}

function isOfType(value: unknown, type: Setting["type"]): boolean {
  switch (type) {
    case "integer":
      return Number.isInteger(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return typeof value === type;
  }
}
