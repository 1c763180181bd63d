import * as pulumi from "@pulumi/pulumi";
import type { ConfigProblem } from "./problems";

/** The stack's configuration as it stands in YAML, without the project's prefix. The only place that reads it. */
export function rawConfig(): Record<string, unknown> {
  const prefix = `${pulumi.getProject()}:`;
  return Object.fromEntries(
    Object.entries(pulumi.runtime.allConfig())
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), parseValue(value)]),
  );
}

/** Every problem of a file at once, a line each. */
export function configError(problems: readonly ConfigProblem[], file: string, project: string): pulumi.RunError {
  const lines = problems.map(({ path, text }) => `  ${project}:${path} ${text}`);
  const count = `${problems.length} problem${problems.length === 1 ? "" : "s"}`;
  return new pulumi.RunError([`${file} has ${count}:`, ...lines].join("\n"));
}

/** The CLI hands every value over as text, structured ones as JSON. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
