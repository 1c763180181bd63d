import { readFileSync, writeFileSync } from "node:fs";
import { packFacts, waiversFacts } from "../pack/own-policies";
import type { ConfigOf } from "../pack/policies";
import type { KnownFinding } from "../pack/settings";
import type { Finding } from "./finding";
import { UserError } from "./user-error";

/**
 * Reads a baseline, which `writeBaseline` has written.
 * @throws {UserError} one sentence, when the file is not a baseline
 */
export function readBaseline(path: string): readonly KnownFinding[] {
  let document: any;
  try {
    document = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UserError(
      `${path} cannot be read as JSON: ${(error as Error).message}; write it with --write-baseline ${path}`,
    );
  }
  const list = document?.baseline;
  const valid =
    Array.isArray(list) && list.every((one) => typeof one?.rule === "string" && typeof one.urn === "string");
  if (!valid) throw new UserError(`${path} has no list "baseline" of rule and urn; write it with --write-baseline`);
  return list;
}

/**
 * Writes the findings of rules as a baseline. Its list may also be `pack.baseline` in a configuration file.
 * @returns how many entries it has
 */
export function writeBaseline(path: string, findings: readonly Finding[]): number {
  const own: readonly string[] = [packFacts.name, waiversFacts.name];
  const judged = findings.filter(
    ({ policy, level }) => ["mandatory", "advisory"].includes(level) && !own.includes(policy),
  );
  const entries = new Map(judged.map(({ policy, urn }) => [`${policy} ${urn}`, { rule: policy, urn }]));
  const baseline = [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  writeFileSync(path, `${JSON.stringify({ baseline }, null, 2)}\n`);
  return baseline.length;
}

/** Returns a configuration with the entries of a baseline added to those it has. */
export function withBaseline(configOf: ConfigOf, baseline: readonly KnownFinding[]): ConfigOf {
  return (name) => {
    const config = configOf(name);
    if (name !== packFacts.name) return config;
    const own = Array.isArray(config["baseline"]) ? config["baseline"] : [];
    return { ...config, baseline: [...own, ...baseline] };
  };
}

/** Returns a configuration without known findings, to write a baseline with. */
export function withoutBaseline(configOf: ConfigOf): ConfigOf {
  return (name) => (name === packFacts.name ? { ...configOf(name), baseline: [] } : configOf(name));
}
