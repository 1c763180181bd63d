import * as pulumi from "@pulumi/pulumi";
import type { ConfigProblem } from "./problems";

/**
 * Reads the configuration of this stack: the values of the YAML file by key, without the project's prefix. Only this
 * function reads `pulumi.runtime.allConfig`.
 */
export function rawConfig(): Record<string, unknown> {
  const prefix = `${pulumi.getProject()}:`;
  return Object.fromEntries(
    Object.entries(pulumi.runtime.allConfig())
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), parseValue(value)]),
  );
}

/**
 * Makes one error of all problems of a configuration file, with one line per problem.
 * @param file  name of the file, such as `Pulumi.prod.yaml`
 * @param project  prefix of the keys, such as `platform`
 */
export function configError(problems: readonly ConfigProblem[], file: string, project: string): pulumi.RunError {
  const lines = problems.map(({ path, text }) => `  ${project}:${path} ${text}`);
  const count = `${problems.length} problem${problems.length === 1 ? "" : "s"}`;
  return new pulumi.RunError([`${file} has ${count}:`, ...lines].join("\n"));
}

/** Parses a value as the Pulumi CLI passes it: plain text, or JSON for numbers, booleans, lists and objects. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
