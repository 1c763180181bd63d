export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof logLevels)[number];
export type LogFields = Readonly<Record<string, unknown>>;
export type Logger = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>;

export interface LoggerOptions {
  readonly service: string;
  /** Lines below it are not written; `info` by default. */
  readonly level?: LogLevel;
  /** Takes one line with its line feed; stdout by default. */
  readonly write?: (line: string) => void;
}

const longest = 1_024;
const deepest = 4;
const widest = 32;
const secretName = /authorization|cookie|password|secret|token|api-?key|credential/i;
const bearer = /\b(bearer|basic)\s+[\w.~+/=-]+/gi;
// JSON.stringify escapes C0 controls and lone surrogates only; C1 controls, bidirectional and zero-width characters still
// reach the terminal of whoever reads the log.
const unsafe = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** Writes one JSON object a line: time, level, service, msg and the fields, cleaned. */
export function createLogger({ service, level = "info", write = toStdout }: LoggerOptions): Logger {
  const threshold = logLevels.indexOf(level);
  const at =
    (name: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (logLevels.indexOf(name) < threshold) {
        return;
      }
      const cleaned = clean(fields, 0) as LogFields;
      const line = { time: new Date().toISOString(), level: name, service, msg: clean(message, 0), ...cleaned };
      write(`${JSON.stringify(line).replace(unsafe, escapeUnit)}\n`);
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** What of an error belongs in a log, its causes included. */
export function describeError(error: unknown, depth = 0): LogFields {
  if (!(error instanceof Error)) {
    return { error: typeof error };
  }
  const cause = error.cause !== undefined && depth < 2 ? { cause: describeError(error.cause, depth + 1) } : {};
  return { error: error.name, message: error.message, stack: error.stack, ...cause };
}

function clean(value: unknown, depth: number): unknown {
  if (typeof value === "string") {
    const shown = value.length > longest ? `${value.slice(0, longest)}...[${value.length - longest} more]` : value;
    return shown.replace(bearer, "$1 [redacted]");
  }
  if (typeof value === "bigint" || typeof value === "symbol") {
    return String(value).slice(0, longest);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (depth >= deepest) {
    return "[deeper]";
  }
  if (Array.isArray(value)) {
    return value.slice(0, widest).map((item) => clean(item, depth + 1));
  }
  const entries = Object.entries(value).slice(0, widest);
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
