import { oneLine, printable } from "../../graph/printable";
import { issuerTokenVariable } from "../../verify/checks/issuers";
import { lineOf, type Report, summaryOf } from "../../verify/report";
import { verify } from "../../verify/run";
import type { Target } from "../../verify/target";
import { EXIT } from "../errors";
import { runningConsole } from "../running-platform";
import { deployedTarget } from "./deployed";
import { localTarget } from "./local";

/** Options of `npm run verify`. */
export interface VerifyCommandOptions {
  readonly stack?: string;
  readonly outputs?: string;
  readonly url?: string;
  readonly state: string;
  readonly json?: boolean;
  readonly timeoutSeconds: number;
  readonly withoutToken?: boolean;
  readonly withoutWrites?: boolean;
  readonly withoutThrottles?: boolean;
}

/**
 * Verifies an environment, a line per check, and sets the exit code.
 * @param refuse  ends the command for wrong usage
 */
export async function verifyCommand(options: VerifyCommandOptions, refuse: (usage: string) => never): Promise<void> {
  const target = await targetOf(options, refuse);
  const { signal, abort, release } = untilSignal();
  const lines = options.json ? process.stderr : process.stdout;
  // A reader that has seen enough, such as `head`, ends the run, and what was stored is still removed.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", abort);
  lines.write(`${oneLine(target.title)}\n`);
  const report = await verify({
    ...options,
    target,
    signal,
    onResult: (result) => lines.writable && lines.write(`${oneLine(lineOf(result))}\n`),
  });
  release();
  process.exitCode = report.ok ? EXIT.ok : EXIT.failure;
  const last = options.json ? JSON.stringify(report, null, 2) : conclusion(report);
  await new Promise((resolve) => process.stdout.write(`${printable(last)}\n`, resolve));
}

async function targetOf(options: VerifyCommandOptions, refuse: (usage: string) => never): Promise<Target> {
  const target = await environmentOf(options, refuse);
  const issuerTokens = (target.expected.issuers ?? []).flatMap(({ name }) => {
    const token = process.env[issuerTokenVariable(name)];
    return token ? [[name, token] as const] : [];
  });
  return { ...target, issuerTokens: Object.fromEntries(issuerTokens) };
}

async function environmentOf(options: VerifyCommandOptions, refuse: (usage: string) => never): Promise<Target> {
  const { stack, outputs, url } = options;
  if (url !== undefined && isLoopback(url, refuse)) {
    return stack === undefined ? localTarget(new URL(url).origin) : refuse("--stack names no platform on this machine");
  }
  if (stack === undefined) {
    if (outputs !== undefined || url !== undefined) refuse("--stack must name the environment of --outputs or --url");
    return localTarget(runningConsole(options.state), undefined, options.state);
  }
  if (!/^[a-z][a-z0-9]*$/.test(stack)) refuse(`--stack must name a whole environment such as prod, got ${stack}`);
  const { PLATFORM_TOKEN: token, PLATFORM_CLIENT_ID: clientId, PLATFORM_CLIENT_SECRET: clientSecret } = process.env;
  const { PLATFORM_TENANT_TOKEN: tenantToken } = process.env;
  return deployedTarget({
    environment: stack,
    credentials: {
      ...(token && { token }),
      ...(clientId && { clientId }),
      ...(clientSecret && { clientSecret }),
      ...(tenantToken && { tenantToken }),
    },
    ...(outputs === undefined ? {} : { outputs }),
    ...(url === undefined ? {} : { url }),
  });
}

function isLoopback(url: string, refuse: (usage: string) => never): boolean {
  const { protocol, hostname } = URL.canParse(url) ? new URL(url) : refuse(`--url must be a URL, got ${url}`);
  const loopback = ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
  if (protocol !== (loopback ? "http:" : "https:")) refuse(`--url must be https, or http on this machine, got ${url}`);
  return loopback;
}

/** Aborts at the first signal, so that what was stored is still removed; a second one ends the process. */
function untilSignal(): { readonly signal: AbortSignal; abort(): void; release(): void } {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const names = ["SIGINT", "SIGTERM"] as const;
  for (const name of names) process.once(name, abort);
  return {
    signal: controller.signal,
    abort,
    release: () => {
      for (const name of names) process.removeListener(name, abort);
    },
  };
}

function conclusion(report: Report): string {
  return `${summaryOf(report)}\n${report.ok ? "verified" : "not verified"}`;
}
