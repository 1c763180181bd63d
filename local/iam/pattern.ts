import type { RequestContext } from "./request-context";

/** How a pattern is read. */
export interface PatternOptions {
  /** `*` stands for any text and `?` for one character. @default false: they are ordinary characters */
  readonly wildcards?: boolean;
  /** `${key}` and `${key, 'default'}` stand for a value of the request. @default false: they are ordinary text */
  readonly variables?: boolean;
  readonly ignoreCase?: boolean;
}

interface Variable {
  /** Name of the condition key, in lower case. */
  readonly key: string;
  readonly fallback: string | undefined;
}

const anyText = -1;
const anyCharacter = -2;
type Token = string | Variable | typeof anyText | typeof anyCharacter;

const variableForm = /\$\{(?:([*?$])|\s*([^{}',]*[^{}',\s])\s*(?:,\s*'([^']*)'\s*)?)\}/y;

/**
 * A text of a policy with wildcards and policy variables. The value of a variable is ordinary text, so that a tag `*` opens
 * nothing. Matching takes time in proportion to both lengths at most, for policies come from functions too.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export class Pattern {
  private readonly tokens: readonly Token[];
  private readonly known: Program | undefined;
  private readonly ignoreCase: boolean;

  /** @throws {PolicyProblem} on a variable that has no end or no name */
  constructor(text: string, options: PatternOptions = {}) {
    this.ignoreCase = options.ignoreCase === true;
    this.tokens = tokensOf(this.ignoreCase ? text.toLowerCase() : text, options);
    this.known = this.tokens.some(isVariable) ? undefined : programOf(this.tokens);
  }

  /** @param context  has the values of variables; a pattern with a variable that has no value matches nothing */
  matches(text: string, context: RequestContext): boolean {
    const program = this.known ?? this.resolved(context);
    return program !== undefined && runs(program, this.ignoreCase ? text.toLowerCase() : text);
  }

  private resolved(context: RequestContext): Program | undefined {
    const tokens: Token[] = [];
    for (const token of this.tokens) {
      if (!isVariable(token)) {
        tokens.push(token);
        continue;
      }
      const value = context.single(token.key) ?? token.fallback;
      if (value === undefined) return undefined;
      tokens.push(this.ignoreCase ? value.toLowerCase() : value);
    }
    return programOf(tokens);
  }
}

/** A document of a policy that is not one, with the reason. */
export class PolicyProblem extends Error {}

function isVariable(token: Token): token is Variable {
  return typeof token === "object";
}

function tokensOf(text: string, { wildcards, variables }: PatternOptions): Token[] {
  const tokens: Token[] = [];
  let literal = "";
  const add = (token: Token) => {
    if (literal !== "") tokens.push(literal);
    literal = "";
    tokens.push(token);
  };
  for (let i = 0; i < text.length; ) {
    const character = text[i]!;
    if (variables && character === "$" && text[i + 1] === "{") {
      variableForm.lastIndex = i;
      const [all, escaped, key, fallback] = variableForm.exec(text) ?? [];
      if (all === undefined) throw new PolicyProblem(`there is no policy variable at "${text.slice(i, i + 40)}"`);
      if (escaped !== undefined) literal += escaped;
      else add({ key: key!.toLowerCase(), fallback });
      i += all.length;
      continue;
    }
    if (wildcards && character === "*") add(anyText);
    else if (wildcards && character === "?") add(anyCharacter);
    else literal += character;
    i += 1;
  }
  if (literal !== "") tokens.push(literal);
  return tokens;
}

/** What a pattern is compared as: most have no wildcard, or one at their end. */
type Program =
  | { readonly kind: "exact" | "prefix"; readonly text: string }
  | { readonly kind: "codes"; readonly codes: readonly number[] };

function programOf(tokens: readonly Token[]): Program {
  const text = tokens.filter((token) => typeof token === "string").join("");
  const wild = tokens.filter((token) => typeof token === "number").length;
  if (wild === 0) return { kind: "exact", text };
  if (wild === 1 && tokens.at(-1) === anyText) return { kind: "prefix", text };
  const codes = tokens.flatMap((token) =>
    typeof token === "string" ? Array.from({ length: token.length }, (_, i) => token.charCodeAt(i)) : [token as number],
  );
  return { kind: "codes", codes };
}

function runs(program: Program, text: string): boolean {
  switch (program.kind) {
    case "exact":
      return text === program.text;
    case "prefix":
      return text.startsWith(program.text);
    case "codes":
      return codesMatch(program.codes, text);
  }
}

/** Only the last `*` ever has to take more: what came before it matched as early as possible. */
function codesMatch(codes: readonly number[], text: string): boolean {
  let [at, code, star, from] = [0, 0, -1, 0];
  while (at < text.length) {
    const wanted = codes[code];
    if (wanted === anyText) {
      star = code++;
      from = at;
    } else if (wanted === anyCharacter) {
      code += 1;
      at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
    } else if (wanted === text.charCodeAt(at)) {
      code += 1;
      at += 1;
    } else if (star >= 0) {
      code = star + 1;
      at = ++from;
    } else {
      return false;
    }
  }
  while (codes[code] === anyText) code += 1;
  return code === codes.length;
}
