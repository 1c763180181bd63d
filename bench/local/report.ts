import type { Load } from "./load";

/** A measurement of one system at as many requests as it answers. */
export interface Closed extends Load {
  readonly system: string;
  /** Processor time of the system for each request. */
  readonly cpuMicroseconds: number;
  /** Proportional memory of all its processes. */
  readonly megabytes: number;
}

/** A measurement of one system at a fixed rate. */
export interface Fixed extends Load {
  readonly system: string;
}

const raw = /^raw/;
const proxy = /^gateway, proxy/;
const lambda = /^gateway, function/;
const worker = /worker threads/;

/** What the gateway has to reach. */
const limits = { proxyRatio: 0.85, p99Milliseconds: 1, lambdaRatio: 2 };

type Figure = Exclude<keyof Closed, "system">;

/** Returns the median of a system's figure over all rounds. */
export function median(results: readonly { readonly system: string }[], system: string, figure: Figure): number {
  const values = results.filter((each) => each.system === system).map((each) => (each as Closed)[figure]);
  const sorted = values.sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Returns both tables in Markdown: medians of all rounds, the rate with its range. */
export function table(closed: readonly Closed[], fixed: readonly Fixed[], rate: number): string {
  const rows = namesOf(closed).map((name) => {
    const of = (figure: Figure) => median(closed, name, figure);
    const rates = closed.filter(({ system }) => system === name).map(({ perSecond }) => perSecond);
    const range = `${whole(Math.min(...rates))} to ${whole(Math.max(...rates))}`;
    const figures = [`${whole(of("perSecond"))} (${range})`, of("p50").toFixed(1), of("p99").toFixed(1)];
    return [name, ...figures, whole(of("cpuMicroseconds")), whole(of("megabytes")), of("generatorCores").toFixed(2)];
  });
  const atRate = namesOf(fixed).map((name) => {
    const of = (figure: Figure) => median(fixed, name, figure).toFixed(2);
    return [name, of("p50"), of("p99"), of("generatorCores")];
  });
  return [
    "As many requests as are answered, 50 connections (wrk):",
    lines(["", "requests/s (range)", "p50 ms", "p99 ms", "CPU us a request", "MB", "cores of wrk"], rows),
    `At ${whole(rate)} requests/s (vegeta):`,
    lines(["", "p50 ms", "p99 ms", "cores of vegeta"], atRate),
    ratios(closed).join("\n"),
  ].join("\n\n");
}

function ratios(closed: readonly Closed[]): string[] {
  const of = rateOf(closed);
  return [
    `proxy path: ${(of(proxy) / of(raw)).toFixed(2)} of the raw proxy's rate (at least ${limits.proxyRatio})`,
    `function path: ${(of(lambda) / of(worker)).toFixed(1)} times serverless-offline's worker threads (at least ${limits.lambdaRatio}), ` +
      `${(of(lambda) / of(/in process/)).toFixed(2)} of its rate in process`,
  ];
}

/** Returns what is slower than it has to be, and answers that do not count; a sentence each. */
export function problemsOf(closed: readonly Closed[], fixed: readonly Fixed[]): string[] {
  const of = rateOf(closed);
  const problems: string[] = [];
  for (const { system, failed } of [...closed, ...fixed]) {
    if (failed > 0) problems.push(`${system} must answer 2xx only, got ${failed} others; its rate does not count`);
  }
  const proxyRatio = of(proxy) / of(raw);
  if (proxyRatio < limits.proxyRatio) {
    problems.push(
      `the proxy path must reach ${limits.proxyRatio} of the raw proxy's rate, got ${proxyRatio.toFixed(2)}`,
    );
  }
  const [rawName, proxyName] = [raw, proxy].map((form) => namesOf(fixed).find((name) => form.test(name))!);
  const added = median(fixed, proxyName!, "p99") - median(fixed, rawName!, "p99");
  if (added > limits.p99Milliseconds) {
    problems.push(
      `at half load the proxy path must add at most ${limits.p99Milliseconds} ms at p99, got ${added.toFixed(2)}`,
    );
  }
  const lambdaRatio = of(lambda) / of(worker);
  if (lambdaRatio < limits.lambdaRatio) {
    problems.push(
      `the function path must be ${limits.lambdaRatio} times as fast as serverless-offline's worker threads, got ${lambdaRatio.toFixed(1)}`,
    );
  }
  return problems;
}

function rateOf(closed: readonly Closed[]): (form: RegExp) => number {
  return (form) => median(closed, namesOf(closed).find((name) => form.test(name)) ?? "", "perSecond");
}

function namesOf(results: readonly { readonly system: string }[]): string[] {
  return [...new Set(results.map(({ system }) => system))];
}

function lines(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heads, heads.map((_, i) => (i === 0 ? "---" : "---:")), ...rows]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}
