import * as pulumi from "@pulumi/pulumi";
import type { ConfigProblem } from "./problems";

/**
 * Reads configuration as it stands in YAML: values by key, without the project's prefix. Only this function reads
 * `pulumi.runtime.allConfig`.
 * @param project  @default the running program's
 * @param values   full keys, values as the CLI passes them @default the running program's
 */
export function rawConfig(
  project = pulumi.getProject(),
  values: Readonly<Record<string, string>> = pulumi.runtime.allConfig(),
): Record<string, unknown> {
  const prefix = `${project}:`;
  return Object.fromEntries(
    Object.entries(values)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), parseValue(value)]),
  );
}

/**
 * Namespaces of configuration that something else than the program reads: the engine, the providers, and the provider
 * that builds images for awsx.
 */
const otherNamespaces = ["aws", "awsx", "docker-build", "pulumi"];

/**
 * Returns a problem for each key in a namespace that nothing reads, such as `platfrom:alarms`.
 * @param project  namespace that the program reads @default the running program's
 * @param keys  full keys @default the running program's
 */
export function namespaceProblems(
  project = pulumi.getProject(),
  keys: readonly string[] = Object.keys(pulumi.runtime.allConfig()),
): ConfigProblem[] {
  return keys.flatMap((key) => {
    const [namespace = "", ...rest] = key.split(":");
    if (namespace === project || otherNamespaces.includes(namespace)) return [];
    const path = rest.join(":");
    return [{ namespace, path, text: `is in a namespace that nothing reads; write ${project}:${path}, or remove it` }];
  });
}

/**
 * Makes one error of all problems of a configuration file, with one line per problem.
 * @param file  name of the file, such as `Pulumi.prod.yaml`
 * @param project  prefix of the keys, such as `platform`
 */
export function configError(problems: readonly ConfigProblem[], file: string, project: string): pulumi.RunError {
  const lines = problems.map(({ namespace = project, path, text }) => `  ${namespace}:${path} ${text}`);
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
