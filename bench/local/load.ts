import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectRoot } from "../../graph/project-root";
import { UserError } from "../../graph/user-error";

const run = promisify(execFile);
const vegetaModule = "github.com/tsenart/vegeta/v12@v12.13.0";
const connections = 50;

/** Requests of one measurement. */
export interface Requests {
  readonly url: string;
  /** Name in the Host header. @default that of the URL */
  readonly host?: string | undefined;
  /** One of them is in each request, in turn. @default none */
  readonly tokens?: readonly string[] | undefined;
  readonly seconds: number;
  /** Folder for the files of the load generators. */
  readonly folder: string;
}

/** What a load generator saw. Latencies in milliseconds. */
export interface Load {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Answers other than 2xx, and connections that failed. */
  readonly failed: number;
  /** Of the load generator, in parts of one core. */
  readonly generatorCores: number;
}

/** As many requests as are answered, on 50 connections, by wrk. @throws {UserError} where wrk is not installed */
export async function closedLoop({ url, host, tokens, seconds, folder }: Requests): Promise<Load> {
  const script = join(folder, "requests.lua");
  writeFileSync(script, wrkScript(host, tokens));
  const command = `wrk -t1 -c${connections} -d${seconds}s --latency -s ${script} ${url}; times >&2`;
  const { stdout, stderr } = await run("bash", ["-c", command]).catch((error: Error) => {
    throw new UserError(`the bench must have wrk, got ${error.message}; install Debian's package wrk`);
  });
  return readWrk(stdout, stderr, seconds);
}

/** @throws {Error} when the output has no result */
export function readWrk(stdout: string, times: string, seconds: number): Load {
  const found = (form: RegExp) => form.exec(stdout)?.slice(1) ?? [];
  const [rate] = found(/Requests\/sec:\s+([\d.]+)/);
  if (rate === undefined) throw new Error(`wrk said no rate: ${stdout}`);
  const milliseconds = (percent: number) => {
    const [value, unit] = found(new RegExp(`^\\s+${percent}%\\s+([\\d.]+)(us|ms|s)$`, "m"));
    return Number(value) * ({ us: 0.001, ms: 1, s: 1_000 }[unit!] ?? Number.NaN);
  };
  const socketErrors = found(/Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/);
  const others = found(/Non-2xx or 3xx responses: (\d+)/);
  return {
    perSecond: Number(rate),
    p50: milliseconds(50),
    p99: milliseconds(99),
    failed: [...socketErrors, ...others].reduce((sum, each) => sum + Number(each), 0),
    generatorCores: childSeconds(times) / seconds,
  };
}

/** Reads what bash's `times` prints: the second line is the user and system time of children. */
function childSeconds(times: string): number {
  const line = times.trim().split("\n").at(-1) ?? "";
  return [...line.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, m, s]) => sum + Number(m) * 60 + Number(s), 0);
}

function wrkScript(host: string | undefined, tokens: readonly string[] = []): string {
  const list = tokens.map((token) => JSON.stringify(`Bearer ${token}`)).join(", ");
  const header = tokens.length === 0 ? "" : `wrk.headers["Authorization"] = tokens[next]`;
  return `${host === undefined ? "" : `wrk.headers["Host"] = ${JSON.stringify(host)}`}
local tokens = { ${list} }
local next = 0
request = function()
  next = next % ${Math.max(1, tokens.length)} + 1
  ${header}
  return wrk.format("GET")
end
`;
}

/** Requests at a fixed rate, by vegeta, which is built once. @throws {Error} where there is no Go */
export async function fixedRate({ url, host, tokens, seconds, folder }: Requests, rate: number): Promise<Load> {
  const targets = join(folder, "targets.txt");
  const hostLine = host === undefined ? "" : `Host: ${host}\n`;
  const of = (token?: string) =>
    `GET ${url}\n${hostLine}${token === undefined ? "" : `Authorization: Bearer ${token}\n`}`;
  writeFileSync(targets, (tokens?.map(of) ?? [of()]).join("\n"));
  const vegeta = findVegeta();
  const attack = `${vegeta} attack -rate=${Math.round(rate)}/s -duration=${seconds}s -max-workers=${connections}`;
  const command = `${attack} -targets=${targets} | ${vegeta} report -type=json; times >&2`;
  const { stdout, stderr } = await run("bash", ["-c", command]);
  const { latencies, throughput, requests, status_codes: statuses } = JSON.parse(stdout);
  const good = Object.entries<number>(statuses).filter(([status]) => /^2/.test(status));
  return {
    perSecond: throughput,
    p50: latencies["50th"] / 1e6,
    p99: latencies["99th"] / 1e6,
    failed: requests - good.reduce((sum, [, count]) => sum + count, 0),
    generatorCores: childSeconds(stderr) / seconds,
  };
}

function findVegeta(): string {
  const folder = join(projectRoot, ".cache/bench-vegeta");
  const file = join(folder, "vegeta");
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  execFileSync("go", ["install", vegetaModule], { env: { ...process.env, GOBIN: folder }, stdio: "pipe" });
  return file;
}
