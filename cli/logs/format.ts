import { oneLine } from "../../graph/printable";
import type { LogLine } from "../../local/log/line";

/** Width of the column of sources; a longer one moves what follows. */
const sourceWidth = 27;
/** Fields that stand elsewhere in the line: its time, its source, and what it says. */
const shownElsewhere = ["time", "service", "level", "msg", "message", "stack"];
/** Fields of a request, of an access log or a service, that stand in its first words. */
const ofRequest = ["method", "path", "route", "status", "responseLatency", "ms"];

/**
 * Formats a line for people: the local time, the source, and of a JSON object its level and message or, of a request, its
 * status, method, path and milliseconds; then its other fields. Stack traces follow on lines of their own, which alone
 * begin with spaces: a text with a line end cannot look like another line of the log.
 * @example "12:49:10.101  gateway eu-west-1            200 GET /food-store/healthz 154 ms  routeKey=\"GET /…/healthz\""
 */
export function formatLogLine(line: LogLine): string {
  const head = `${localTime(line.time)}  ${line.source.padEnd(sourceWidth)}`;
  const fields = fieldsOf(line.text);
  if (fields === undefined) return `${head}  ${line.text}`;
  const { words, rest } = summaryOf(fields);
  const others = Object.entries(rest).map(([name, value]) => `${name}=${valueText(value)}`);
  const said = oneLine([words, ...others].join("  "));
  return [`${head}  ${said}`, ...stackLines(fields).map((each) => `    ${oneLine(each)}`)].join("\n");
}

/** Whether a line tells of an error: of its level, or of an answer 5xx. */
export function isError({ text }: LogLine): boolean {
  const fields = fieldsOf(text);
  return fields?.["level"] === "error" || Number(fields?.["status"]) >= 500;
}

function fieldsOf(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    // A program that prints a line of its own that begins so.
    return undefined;
  }
}

/** What a line says in its first words, and the fields that are left. */
function summaryOf(fields: Record<string, unknown>): { words: string; rest: Record<string, unknown> } {
  const { level, msg, message = msg, status, method, route, path = route, ms, responseLatency = ms } = fields;
  const isRequest = method !== undefined && path !== undefined && status !== undefined;
  const took = [undefined, "-"].includes(responseLatency as string) ? [] : [responseLatency, "ms"];
  const words = isRequest ? [status, method, path, ...took] : [level, message];
  const hidden = isRequest ? [...shownElsewhere, ...ofRequest] : shownElsewhere;
  const rest = Object.entries(fields).filter(
    ([name, value]) => !hidden.includes(name) && value !== "-" && value !== "",
  );
  return { words: words.filter((each) => each !== undefined).join(" "), rest: Object.fromEntries(rest) };
}

/** The stack trace of a line, or of the error in it. */
function stackLines(fields: Record<string, unknown>): string[] {
  const { error } = fields as { error?: { stack?: unknown } };
  const stack = fields["stack"] ?? error?.stack;
  return typeof stack === "string" ? stack.split("\n").map((each) => each.trim()) : [];
}

function valueText(value: unknown): string {
  if (typeof value === "string") return /^[^\s="]+$/.test(value) ? value : JSON.stringify(value);
  if (typeof value !== "object" || value === null) return String(value);
  const { stack: _, ...rest } = value as { stack?: unknown };
  return JSON.stringify(Array.isArray(value) ? value : rest);
}

function localTime(time: string): string {
  const date = new Date(time);
  const two = (value: number, width = 2) => String(value).padStart(width, "0");
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map((each) => two(each)).join(":");
  return `${clock}.${two(date.getMilliseconds(), 3)}`;
}
