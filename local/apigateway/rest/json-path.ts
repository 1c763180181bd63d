/** A step of a path: a name, a position, or all of a list's or an object's values. */
interface Step {
  readonly kind: "name" | "all" | "deep";
  /** Empty for what is no name. */
  readonly name: string;
}

const stepForm =
  /\.\.(?=[\w*['-])|\.?([\w@-]+)|\.?(\*)|\[\s*(?:(-?\d+)|(\*)|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*\]/y;

/**
 * Returns what a JSONPath selects: the only value, a list where the path can select several, undefined where it selects
 * nothing. Filters, slices and functions are not supported.
 * @throws {SyntaxError} on a path that is not supported
 */
export function selectPath(value: unknown, path: string): unknown {
  const steps = stepsOf(path);
  let values: unknown[] = [value];
  for (const step of steps) values = values.flatMap((each) => stepInto(each, step));
  const several = steps.some(({ kind }) => kind !== "name");
  return several ? values : values[0];
}

function stepsOf(path: string): readonly Step[] {
  const text = path.trim();
  const steps: Step[] = [];
  stepForm.lastIndex = text.startsWith("$") ? 1 : 0;
  while (stepForm.lastIndex < text.length) {
    const at = stepForm.lastIndex;
    const found = stepForm.exec(text);
    if (found === null || found[0] === "") throw new SyntaxError(`JSONPath ${path}: cannot read "${text.slice(at)}"`);
    const [whole, dotted, star, index, starIndex, quoted, doubleQuoted] = found;
    if (whole === "..") steps.push({ kind: "deep", name: "" });
    else if (star !== undefined || starIndex !== undefined) steps.push({ kind: "all", name: "" });
    else steps.push({ kind: "name", name: dotted ?? index ?? (quoted ?? doubleQuoted ?? "").replace(/\\(.)/g, "$1") });
  }
  return steps;
}

function stepInto(value: unknown, step: Step): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  if (step.kind === "all") return Object.values(value);
  if (step.kind === "deep") return [value, ...Object.values(value).flatMap((each) => stepInto(each, step))];
  const at = Array.isArray(value) && /^-\d+$/.test(step.name) ? String(value.length + Number(step.name)) : step.name;
  return Object.hasOwn(value, at) && !(Array.isArray(value) && at === "length")
    ? [(value as Record<string, unknown>)[at]]
    : [];
}
