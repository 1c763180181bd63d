import type { z } from "zod";

type Issue = z.core.$ZodIssue & { readonly input?: unknown };

/** A problem of the configuration: its place, and one sentence that names the value and the fix. */
export interface ConfigProblem {
  /** Path of the key, without the prefix `platform:`. @example "regions[0].cidr" */
  readonly path: string;
  /** Namespace of the key. @default the project's */
  readonly namespace?: string;
  /** Completes the sentence "<path> ...": the rule, what was got and what to do. */
  readonly text: string;
}

/**
 * Returns the problems of types, formats and unknown keys, from the issues that zod found with `reportInput: true`: the
 * first one of each value, as a value of the wrong type often breaks other rules too.
 * @param misplaced  returns where an unknown key belongs, as the rest of a sentence @default no key is misplaced
 */
export function shapeProblems(
  issues: readonly z.core.$ZodIssue[],
  misplaced: (path: readonly PropertyKey[]) => string | undefined = () => undefined,
): ConfigProblem[] {
  const problems = issues.flatMap((issue) => sentences(issue as Issue, misplaced));
  return problems.filter(({ path }, i) => problems.findIndex((other) => other.path === path) === i);
}

function sentences(issue: Issue, misplaced: (path: readonly PropertyKey[]) => string | undefined): ConfigProblem[] {
  const path = formatPath(issue.path);
  const got = `got ${formatValue(issue.input)}`;
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: formatPath([...issue.path, key]),
        text:
          misplaced([...issue.path, key]) ??
          "is not a key the platform knows; check its spelling against docs/reference.md, or remove it",
      }));
    case "invalid_type":
      return issue.input === undefined
        ? [{ path, text: `is missing; set it to a value of type ${issue.expected}` }]
        : [{ path, text: `must be of type ${issue.expected}, ${got}; change it, without quotes if it is a number` }];
    case "invalid_value":
      return [{ path, text: `must be one of ${issue.values.join(", ")}, ${got}; choose one of them` }];
    case "invalid_key":
      return [{ path, text: `${issue.issues[0]?.message ?? "must have another name"}, ${got}; rename it` }];
    case "too_small":
      return [{ path, text: `must be at least ${issue.minimum}${unit(issue)}, ${got}; raise it` }];
    case "too_big":
      return [{ path, text: `must be at most ${issue.maximum}${unit(issue)}, ${got}; lower it` }];
    default:
      return [{ path, text: `${issue.message}, ${got}; ${fixOf(issue)}` }];
  }
}

/** Returns the end of the sentence that a format of its own has, see formats.ts. */
function fixOf(issue: Issue): string {
  return issue.code === "custom" ? (issue.params?.["fix"] ?? "change it") : "change it";
}

function unit(issue: { readonly origin: string }): string {
  if (issue.origin === "array") return " entries";
  return issue.origin === "string" ? " characters" : "";
}

/** Writes a path as people write it: `regions[0].cidr`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : `${text}${text === "" ? "" : "."}${String(part)}`),
    "",
  );
}

/** Writes a value for a message: as JSON, on one line, cut after 60 characters. */
export function formatValue(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
