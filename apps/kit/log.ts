import { traceFields } from "./trace";

/** Log levels, the least severe first. */
export const logLevels = ["debug", "info", "warn", "error"] as const;
/** Severity of a log line. */
export type LogLevel = (typeof logLevels)[number];
type LogFields = Readonly<Record<string, unknown>>;
/** A logger with one function per level, which takes a message and further fields of the line. */
export type Logger = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>;

/** Options of `createLogger`. */
interface LoggerOptions {
  readonly service: string;
  /**
   * Least severe level that is written.
   * @default "info"
   */
  readonly level?: LogLevel;
  /**
   * Writes one line; the text ends with a line feed.
   * @default writes to stdout
   */
  readonly write?: (line: string) => void;
}

/** Characters of a text. */
const maxLength = 1_024;
/** Levels of nested fields. */
const maxDepth = 4;
/** Entries of a list or an object. */
const maxEntries = 32;
/** Fields with such a name are never written. */
const secretName = /authorization|cookie|password|secret|token|api-?key|credential/i;
const bearer = /\b(bearer|basic)\s+[\w.~+/=-]+/gi;
// JSON.stringify only escapes C0 controls and lone surrogates. C1 controls, bidirectional and zero-width characters
// would still reach the terminal of a person who reads the log.
const unsafe = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/**
 * Makes a logger that writes one JSON object per line: `time`, `level`, `service`, `msg`, the fields, and the trace
 * of the request that is served. Secrets are
 * replaced by `[redacted]`, long and deep values are cut, and characters that change a terminal are escaped.
 * @example createLogger({ service: "food-store" }).info("listening", { port: 8081 })
 */
export function createLogger({ service, level = "info", write = toStdout }: LoggerOptions): Logger {
  const threshold = logLevels.indexOf(level);
  const writerOf =
    (name: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (logLevels.indexOf(name) < threshold) {
        return;
      }
      const cleaned = clean(fields, 0) as LogFields;
      const head = { time: new Date().toISOString(), level: name, service, msg: clean(message, 0) };
      const line = { ...head, ...cleaned, ...traceFields() };
      write(`${JSON.stringify(line).replace(unsafe, escapeUnit)}\n`);
    };
  return { debug: writerOf("debug"), info: writerOf("info"), warn: writerOf("warn"), error: writerOf("error") };
}

/**
 * Returns the fields of an error for the log: name, message, stack trace, and the same of its causes, two levels deep.
 * @param depth  number of causes above this error
 */
export function describeError(error: unknown, depth = 0): LogFields {
  if (!(error instanceof Error)) {
    return { error: typeof error };
  }
  const cause = error.cause !== undefined && depth < 2 ? { cause: describeError(error.cause, depth + 1) } : {};
  return { error: error.name, message: error.message, stack: error.stack, ...cause };
}

function clean(value: unknown, depth: number): unknown {
  if (typeof value === "string") {
    const shown =
      value.length > maxLength ? `${value.slice(0, maxLength)}...[${value.length - maxLength} more]` : value;
    return shown.replace(bearer, "$1 [redacted]");
  }
  if (typeof value === "bigint" || typeof value === "symbol") {
    return String(value).slice(0, maxLength);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (depth >= maxDepth) {
    return "[deeper]";
  }
  if (Array.isArray(value)) {
    return value.slice(0, maxEntries).map((item) => clean(item, depth + 1));
  }
  const entries = Object.entries(value).slice(0, maxEntries);
  return Object.fromEntries(
    entries.map(([key, item]) => [key.slice(0, 64), secretName.test(key) ? "[redacted]" : clean(item, depth + 1)]),
  );
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function toStdout(line: string): void {
  process.stdout.write(line);
}
