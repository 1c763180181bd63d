import {
  Document,
  isAlias,
  isScalar,
  LineCounter,
  Parser,
  parseDocument,
  type ScalarTag,
  type Schema,
  visit,
} from "yaml";
import { UserError } from "./user-error";

const older11 = new Document(null, { version: "1.1" }).schema;
const newer12 = new Document(null, { version: "1.2" }).schema;

/** A scalar that readers of YAML disagree about in a way that the versions 1.1 and 1.2 of the library do not show. */
const ambiguous: readonly [form: RegExp, why: string][] = [
  [/^[-+]?0\d/, "reads as an octal number"],
  [/^[-+]?\d+[eE][-+]?\d+$/, "reads as text"],
  [/^(<<|=)$/, "reads as a key of its own"],
];

/**
 * Parses a file of the project. It refuses what the Pulumi CLI, whose reader follows YAML 1.1 in part, would read as
 * another value than this reader of YAML 1.2: the plan would not be what `pulumi up` deploys.
 * @param file  name for messages
 * @throws {UserError} on text that is not valid YAML, on directives, tags and scalars with two meanings
 * @see https://yaml.org/spec/1.2.2/ext/changes/
 */
export function parseProjectYaml(text: string, file: string): Record<string, any> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [problem] = document.errors;
  if (problem) throw new UserError(`${file} is not valid YAML: ${problem.message.split("\n")[0]}; fix that line`);
  for (const token of new Parser().parse(text)) {
    if (token.type !== "directive") continue;
    const { line } = lines.linePos(token.offset);
    throw new UserError(`${file} must have no YAML directive, got ${token.source} in line ${line}; remove it`);
  }
  visit(document, (_, node) => {
    if (!isScalar(node) && !(node && typeof node === "object" && "tag" in node)) return;
    if (isAlias(node)) return;
    const { tag, range } = node as { tag?: string; range?: [number, number, number] | null };
    const { line } = lines.linePos(range?.[0] ?? 0);
    if (tag !== undefined) throw new UserError(`${file} must have no YAML tag, got ${tag} in line ${line}; remove it`);
    if (!isScalar(node) || node.type !== "PLAIN" || node.source === undefined) return;
    const why = ambiguity(node.source);
    if (why === undefined) return;
    throw new UserError(
      `${file} must have scalars with one meaning, got ${node.source} in line ${line}, which YAML 1.1 ${why}; put it in quotes, or write it in another way`,
    );
  });
  let content: unknown;
  try {
    content = document.toJS({ maxAliasCount: 50 }) ?? {};
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${(error as Error).message}; write the values out instead of aliases`);
  }
  if (typeof content !== "object" || Array.isArray(content)) {
    throw new UserError(
      `${file} must be a mapping, got ${JSON.stringify(content)?.slice(0, 60)}; begin it with "config:"`,
    );
  }
  return content as Record<string, any>;
}

/** Returns what YAML 1.1 does with a plain scalar that YAML 1.2 reads otherwise; undefined when both agree. */
function ambiguity(source: string): string | undefined {
  if (source.includes("\n")) return undefined;
  const [, why] = ambiguous.find(([form]) => form.test(source)) ?? [];
  if (why !== undefined) return why;
  const [older, newer] = [resolve(older11, source), resolve(newer12, source)];
  if (typeof newer === "number" && Number.isInteger(newer) && !Number.isSafeInteger(newer)) {
    return "reads with all its digits";
  }
  return Object.is(older, newer) ? undefined : `reads as ${JSON.stringify(older)}`;
}

function resolve({ tags }: Schema, source: string): unknown {
  const tag = tags.find((each) => each.default === true && "test" in each && each.test?.test(source));
  const value = (tag as ScalarTag | undefined)?.resolve?.(source, () => {}, {}) ?? source;
  return isScalar(value) ? value.value : value;
}
