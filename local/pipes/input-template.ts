/** Values of reserved variables by name, such as `aws.pipes.pipe-arn`. */
export type PipeVariables = Readonly<Record<string, string>>;

/** Reserved variables of templates, as they are written there. */
export const reservedVariables: readonly string[] = [
  ...["pipe-arn", "pipe-name", "source-arn", "enrichment-arn", "target-arn", "event.ingestion-time", "event"].map(
    (name) => `<aws.pipes.${name}>`,
  ),
  "<aws.pipes.event.json>",
];

/**
 * Returns what a pipe makes of an event by a template: an object where the result is JSON, else a text.
 * @param template  unset for the event itself
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html
 */
export function transformed(template: string | undefined, event: object, variables: PipeVariables): unknown {
  if (template === undefined || template === "") return event;
  const parsed = withParsedBody(event);
  let quoted = false;
  const text = template.replace(/\\.|"|<([^<>]+)>/g, (whole, name: string | undefined) => {
    if (whole === '"') quoted = !quoted;
    if (name === undefined) return whole;
    const value = valueNamed(name, { event, parsed, variables });
    if (value === noValue) return whole;
    return written(value, quoted);
  });
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const noValue = Symbol("no variable");

interface Sources {
  readonly event: object;
  readonly parsed: object;
  readonly variables: PipeVariables;
}

function valueNamed(name: string, { event, parsed, variables }: Sources): unknown {
  if (name === "aws.pipes.event.json") return event;
  if (name === "aws.pipes.event") return parsed;
  if (Object.hasOwn(variables, name)) return variables[name];
  if (!name.startsWith("$.")) return noValue;
  return name
    .slice(2)
    .split(/[.[\]]+/)
    .filter((part) => part !== "")
    .reduce((value: any, part) => value?.[part], parsed);
}

/** Within quotes a text stands for itself, and an object as JSON without its quotes. */
function written(value: unknown, quoted: boolean): string {
  if (value === undefined) return quoted ? "" : '""';
  if (!quoted) return JSON.stringify(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return JSON.stringify(text).slice(1, -1);
}

/** A body of JSON is parsed, so that a path leads into it. */
function withParsedBody(event: object): object {
  const { body } = event as { readonly body?: unknown };
  if (typeof body !== "string") return event;
  try {
    return { ...event, body: JSON.parse(body) };
  } catch {
    return event;
  }
}
