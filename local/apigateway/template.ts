/** A function that reads one variable of a request or response; undefined where there is no such value. */
export type Variable<S> = (source: S) => string | number | undefined;

/** Literal texts and variables of a planned text, in their order. */
export type Template<S> = readonly (string | Variable<S>)[];

const variableForm =
  /\$\{([^}]+)\}|\$((?:context|request|response|stageVariables)(?:\.[A-Za-z0-9_:*-]+|\[(?:\d+|\*|'[^']*')\])+)/g;

/**
 * Splits a text with `$name` or `${name}` in it into literal texts and variables.
 * @param find    returns the variable with a name, such as `context.stage`; undefined when there is none
 * @param refuse  called with a text that begins with `$` and is not a known variable
 */
export function compileTemplate<S>(
  text: string,
  find: (name: string) => Variable<S> | undefined,
  refuse: (variable: string) => never,
): Template<S> {
  const parts: (string | Variable<S>)[] = [];
  let end = 0;
  for (const found of text.matchAll(variableForm)) {
    parts.push(text.slice(end, found.index), find(found[1] ?? found[2] ?? "") ?? refuse(found[0]));
    end = found.index + found[0].length;
  }
  parts.push(text.slice(end));
  const left = parts.find((part) => typeof part === "string" && part.includes("$"));
  if (left !== undefined) refuse(String(left));
  return parts.filter((part) => part !== "");
}

/** Returns the text of a template; undefined when one of its variables has no value. */
export function filledTemplate<S>(template: Template<S>, source: S): string | undefined {
  const values = template.map((part) => (typeof part === "string" ? part : part(source)));
  return values.includes(undefined) ? undefined : values.join("");
}
