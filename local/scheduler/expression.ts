/** When a schedule runs: at a fixed rate, or in the minutes that a cron expression matches, in UTC. */
export type Timetable =
  | { readonly kind: "rate"; readonly seconds: number }
  | { readonly kind: "cron"; readonly matches: (minute: Date) => boolean };

const unitSeconds = { minute: 60, hour: 3_600, day: 86_400 } as const;

/** The fields of a cron expression: their lowest and highest values, and the value of a minute. */
const fields = [
  { low: 0, high: 59, of: (at: Date) => at.getUTCMinutes() },
  { low: 0, high: 23, of: (at: Date) => at.getUTCHours() },
  { low: 1, high: 31, of: (at: Date) => at.getUTCDate() },
  { low: 1, high: 12, of: (at: Date) => at.getUTCMonth() + 1 },
  // Sunday is 1.
  { low: 1, high: 7, of: (at: Date) => at.getUTCDay() + 1 },
  { low: 1970, high: 2199, of: (at: Date) => at.getUTCFullYear() },
] as const;

/**
 * Reads an expression of EventBridge Scheduler: `rate(...)`, or `cron(...)` of numbers, lists, ranges and steps.
 * @returns undefined for any other, such as `at(...)` and the letters L, W and #
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function readExpression(expression: string): Timetable | undefined {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (count !== undefined) {
    return { kind: "rate", seconds: Number(count) * unitSeconds[unit as keyof typeof unitSeconds] };
  }
  const words = /^cron\((.*)\)$/.exec(expression)?.[1]?.split(" ") ?? [];
  const tests = words.map((word, i) => readField(word, fields[i]));
  if (words.length !== fields.length || tests.includes(undefined)) return undefined;
  return { kind: "cron", matches: (minute) => tests.every((test, i) => test!(fields[i]!.of(minute))) };
}

function readField(
  word: string,
  field: { readonly low: number; readonly high: number } | undefined,
): ((value: number) => boolean) | undefined {
  if (field === undefined) return undefined;
  if (word === "*" || word === "?") return () => true;
  const parts = word.split(",").map((part) => readPart(part, field));
  return parts.includes(undefined) ? undefined : (value) => parts.some((test) => test!(value));
}

/** Reads `5`, `1-5`, `*` or `0`, each of the latter three with a step: `0/15` is every 15 from 0. */
function readPart(
  part: string,
  { low, high }: { readonly low: number; readonly high: number },
): ((value: number) => boolean) | undefined {
  const [, from, to, step] = /^(\*|\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(part) ?? [];
  if (from === undefined || step === "0") return undefined;
  const first = from === "*" ? low : Number(from);
  const last = to !== undefined ? Number(to) : from === "*" || step !== undefined ? high : first;
  if (first < low || last > high || first > last) return undefined;
  return (value) => value >= first && value <= last && (value - first) % Number(step ?? 1) === 0;
}
