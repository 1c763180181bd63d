import { isDeepStrictEqual } from "node:util";
import { isMap, isScalar, type Pair, parse, parseDocument, stringify, type YAMLMap } from "yaml";
import { UserError } from "../../graph/user-error";
import { patternKeys } from "../../stacks/config/schema";

/** Key of the services in an environment's file. */
const SERVICES = "platform:services";

/** Keys of a service that have defaults, or that name its routes: a new service does not take them over. */
const own: readonly string[] = ["capacity", "scaling", "routes", ...Object.keys(patternKeys)];

/** Longest line; a longer entry has a line per key. */
const LINE = 100;

/** An environment's file: its name and its text. */
export interface EnvironmentFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Returns the text of an environment's file with an entry for a new service after the others. Comments and spaces stay
 * as they are. The entry has what another service's has and no default gives: its pattern, and where legacy routes go.
 * @throws {UserError} when the services are not listed one per line
 */
export function withServiceEntry(file: EnvironmentFile, service: string, like: string): string {
  const { services, entries } = readServices(file);
  const last = services.items.at(-1);
  const model = entries[like];
  if (last === undefined || model === undefined) throw refusal(file, `list ${like} there, or name another service`);
  const entry = Object.fromEntries(Object.entries(model).filter(([key]) => !own.includes(key)));
  const indent = " ".repeat(columnOf(file.text, last));
  const end = endOf(file.text, last);
  const changed = `${file.text.slice(0, end)}\n${entryLines(service, entry, indent)}${file.text.slice(end)}`;
  return checked(file, changed, { ...entries, [service]: entry });
}

/** Returns the text of an environment's file without the entry of a service. @throws {UserError} as above */
export function withoutServiceEntry(file: EnvironmentFile, service: string): string {
  const { services, entries } = readServices(file);
  const pair = services.items.find(({ key }) => isScalar(key) && key.value === service);
  if (pair === undefined) return file.text;
  const start = file.text.lastIndexOf("\n", rangeOf(pair.key)[0]) + 1;
  const end = endOf(file.text, pair) + 1;
  const { [service]: _, ...rest } = entries;
  return checked(file, file.text.slice(0, start) + file.text.slice(end), rest);
}

interface Services {
  readonly services: YAMLMap;
  readonly entries: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

function readServices(file: EnvironmentFile): Services {
  const document = parseDocument(file.text);
  const services = document.getIn(["config", SERVICES]);
  if (document.errors.length > 0 || !isMap(services) || services.flow) {
    throw refusal(file, "write one service a line");
  }
  return { services, entries: services.toJS(document) };
}

function entryLines(service: string, entry: object, indent: string): string {
  const flow = stringify({ [service]: entry }, { collectionStyle: "flow", lineWidth: 0 }).trim();
  const line = indent + flow.slice(1, -1).trim();
  if (line.length <= LINE) return line;
  return stringify({ [service]: entry }, { lineWidth: 0 })
    .trimEnd()
    .split("\n")
    .map((each) => indent + each)
    .join("\n");
}

/** Refuses a text that says something else than what was to be written. */
function checked(file: EnvironmentFile, text: string, entries: object): string {
  const wanted = parse(file.text);
  wanted.config[SERVICES] = entries;
  if (!isDeepStrictEqual(parse(text), wanted)) throw refusal(file, "write one service a line");
  return text;
}

function rangeOf(node: unknown): readonly [number, number] {
  const range = (node as { readonly range?: readonly [number, number, number] | null }).range;
  if (!range) throw new Error("a parsed node has a range");
  return [range[0], range[1]];
}

function columnOf(text: string, { key }: Pair): number {
  const [start] = rangeOf(key);
  return start - (text.lastIndexOf("\n", start) + 1);
}

/** Returns where the last line of an entry ends, before its line break; a comment on that line is part of it. */
function endOf(text: string, { value }: Pair): number {
  const content = text.slice(0, rangeOf(value)[1]).trimEnd().length;
  const lineEnd = text.indexOf("\n", content);
  return lineEnd === -1 ? text.length : lineEnd;
}

function refusal({ path }: EnvironmentFile, fix: string): UserError {
  return new UserError(`${path} must list ${SERVICES} as one entry a line, got another form; ${fix}`);
}
