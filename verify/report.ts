/** How one check ended. */
export interface Result {
  readonly id: string;
  readonly status: "ok" | "failed" | "not run" | "not applicable";
  readonly expected: string;
  /** What was got instead, when it failed. */
  readonly got?: string;
  /** Why it was not run or does not apply. */
  readonly reason?: string;
  /** Not run because an option left it out, so that the report can be ok. */
  readonly allowed?: boolean;
  readonly milliseconds: number;
}

/** What `npm run verify -- --json` prints. */
export interface Report {
  readonly target: string;
  readonly environment: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly seconds: number;
  /** Whether nothing failed, and nothing was left out that no option left out. */
  readonly ok: boolean;
  readonly results: readonly Result[];
}

const words = { ok: "ok", failed: "FAIL", "not run": "-", "not applicable": "-" } as const;

/** Writes one check as one line. */
export function lineOf({ id, status, expected, got, reason }: Result): string {
  const start = `${words[status].padEnd(5)} ${id}: `;
  if (status === "ok") return `${start}${expected}`;
  return status === "failed" ? `${start}expected that ${expected}, got ${got}` : `${start}${status}: ${reason}`;
}

/** Counts the results in one line. */
export function summaryOf({ target, results, seconds }: Report): string {
  const count = (status: Result["status"]) => results.filter((result) => result.status === status).length;
  const parts = [
    `${count("ok")} ok`,
    `${count("failed")} failed`,
    ...(["not run", "not applicable"] as const).filter(count).map((status) => `${count(status)} ${status}`),
  ];
  return `${target}: ${parts.join(", ")}; ${seconds.toFixed(1)} s`;
}
