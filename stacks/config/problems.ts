import type { z } from "zod";

type Issue = z.core.$ZodIssue & { readonly input?: unknown };

/** A problem of the configuration: where it is, and one sentence that names the value and the mend. */
export interface ConfigProblem {
  /** `regions[0].cidr`, below `platform:`. */
  readonly path: string;
  /** Completes "<path> ..." and says what was got and what to do. */
  readonly text: string;
}

/** One sentence per thing that is wrong with the shape of the configuration. */
export function shapeProblems(issues: readonly z.core.$ZodIssue[]): ConfigProblem[] {
  return issues.flatMap((issue) => sentences(issue as Issue));
}

function sentences(issue: Issue): ConfigProblem[] {
  const path = formatPath(issue.path);
  const got = `got ${show(issue.input)}`;
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: formatPath([...issue.path, key]),
        text: "is not a key the platform knows; check its spelling against Pulumi.yaml, or remove it",
      }));
    case "invalid_type":
      return issue.input === undefined
        ? [{ path, text: `is missing; set it to a value of type ${issue.expected}` }]
        : [{ path, text: `must be of type ${issue.expected}, ${got}; change it, without quotes if it is a number` }];
    case "invalid_value":
      return [{ path, text: `must be one of ${issue.values.join(", ")}, ${got}; choose one of them` }];
    case "too_small":
      return [{ path, text: `must be at least ${issue.minimum}${unit(issue)}, ${got}; raise it` }];
    case "too_big":
      return [{ path, text: `must be at most ${issue.maximum}${unit(issue)}, ${got}; lower it` }];
    default:
      return [{ path, text: `${issue.message}, ${got}; change it` }];
  }
}

function unit(issue: { readonly origin: string }): string {
  if (issue.origin === "array") return " entries";
  return issue.origin === "string" ? " characters" : "";
}

export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : `${text}${text === "" ? "" : "."}${String(part)}`),
    "",
  );
}

/** The value as it stands in YAML, on one line and bounded. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
