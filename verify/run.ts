import { Asker } from "./ask";
import { type Check, NotApplicable, NotRun, type Session } from "./check";
import { changeChecks } from "./checks/changes";
import { corsChecks } from "./checks/cors";
import { headerChecks } from "./checks/headers";
import { issuerChecks } from "./checks/issuers";
import { keyChecks } from "./checks/keys";
import { nameChecks } from "./checks/names";
import { healthChecks, legacyChecks, openChecks, unknownRouteCheck } from "./checks/open-routes";
import { privateApiChecks } from "./checks/private-api";
import { bodyChecks, refusalChecks } from "./checks/protected-routes";
import { removalCheck } from "./checks/removal";
import { restChecks } from "./checks/rest-api";
import { throttleChecks } from "./checks/throttles";
import { tlsChecks } from "./checks/tls";
import { workChecks, workRefusalChecks } from "./checks/work";
import { writeChecks } from "./checks/writes";
import { MarkedItems } from "./marked-items";
import type { Report, Result } from "./report";
import { storyOf } from "./story";
import { isSecure, storyDoors, type Target, type TokenSource } from "./target";

/** What to verify, how long at most, and what to leave out. */
export interface VerifyOptions {
  readonly target: Target;
  /** Of the whole run but for removing what it stored; default 180. */
  readonly timeoutSeconds?: number;
  /** Leaves out what needs a token, where there is none. */
  readonly withoutToken?: boolean;
  /** Stores nothing. */
  readonly withoutWrites?: boolean;
  /** Sends no bursts. */
  readonly withoutThrottles?: boolean;
  /** Called as each check ends. */
  readonly onResult?: (result: Result) => void;
  /** Ends the run early; what it stored is removed all the same. */
  readonly signal?: AbortSignal;
}

/** Seconds that removing what was stored may take, beyond the run's own. */
const removalSeconds = 60;

/** Runs the story against an environment, one check after the other, and removes what it stored. */
export async function verify(options: VerifyOptions): Promise<Report> {
  const { target, timeoutSeconds = 180, signal } = options;
  const startedAt = new Date();
  const results: Result[] = [];
  const report = async (checks: readonly Check[], session: Session) => {
    for (const check of checks) {
      const result = await resultOf(check, session);
      results.push(result);
      options.onResult?.(result);
    }
  };
  const items = new MarkedItems();
  const signals = [AbortSignal.timeout(timeoutSeconds * 1_000), ...(signal ? [signal] : [])];
  const run = new Run(options, items, AbortSignal.any(signals));
  const removal = new Run(options, items, AbortSignal.timeout((timeoutSeconds + removalSeconds) * 1_000));
  try {
    await report(storyChecks(target, options), run.session);
    await report(
      items.all.map((item) => removalCheck(target, item)),
      removal.session,
    );
    await report(burstChecks(target, options), run.session);
  } finally {
    await target.tenants?.remove();
    await Promise.all([run.end(), removal.end()]);
  }
  const failed = results.filter(({ status, allowed }) => status === "failed" || (status === "not run" && !allowed));
  return {
    target: target.title,
    environment: target.expected.environment,
    startedAt: startedAt.toISOString(),
    seconds: (Date.now() - startedAt.getTime()) / 1_000,
    ok: failed.length === 0,
    results,
  };
}

class Run {
  readonly session: Session;
  private readonly asker: Asker;

  constructor({ target, withoutToken = false }: VerifyOptions, items: MarkedItems, signal: AbortSignal) {
    this.asker = new Asker(signal, target.ca);
    const token = target.token ?? missingToken(target.tokenMissing ?? "no token", withoutToken);
    this.session = { ask: this.asker.ask, token: remembered(token), items, signal };
  }

  end(): Promise<void> {
    return this.asker.close();
  }
}

/** Every check but the bursts, which leave buckets empty, in the order of a reader's questions. */
function storyChecks(target: Target, { withoutWrites = false }: VerifyOptions): Check[] {
  const { expected } = target;
  const stories = expected.services.map(storyOf);
  const scopes = [...new Set(stories.flatMap(({ writes }) => writes.flatMap(({ route }) => route.scopes)))];
  const all = [target.global, ...expected.regions.map((region) => target.regions[region]!)];
  const own = target.services ?? [];
  const writes = storyDoors(target).flatMap((door) => [
    ...stories.flatMap((story) => writeChecks(target, door, story)),
    ...stories.flatMap((story) => keyChecks(target, door, story)),
    ...changeChecks(target, door),
    ...stories.flatMap((story) => workChecks(target, door, story)),
  ]);
  return [
    ...nameChecks(target),
    ...privateApiChecks(target),
    ...[...all, ...own].flatMap((door) => tlsChecks(target, door)),
    ...all.flatMap((door) => stories.flatMap((story) => healthChecks(door, story))),
    ...own.flatMap((door) =>
      stories.filter(({ name }) => name === door.label).flatMap((story) => healthChecks(door, story)),
    ),
    ...storyDoors(target).flatMap((door) => [
      ...stories.flatMap((story) => openChecks(door, story)),
      ...stories.flatMap((story) => legacyChecks(door, story, !isSecure(door))),
      unknownRouteCheck(door),
      ...headerChecks(door, stories),
      ...corsChecks(door, expected.corsOrigins, stories),
      ...stories.flatMap((story) => refusalChecks(door, story, { scopes, challenged: expected.issuers === undefined })),
      ...stories.flatMap((story) => bodyChecks(door, story)),
      ...stories.flatMap((story) => workRefusalChecks(door, story)),
      ...stories.flatMap((story) => issuerChecks(target, door, story)),
    ]),
    ...(withoutWrites ? writes.map((check) => leftOut(check, "--without-writes")) : writes),
    ...restStory(target, { withoutWrites }),
  ];
}

/** Checks of the REST API by each of its names. */
function restStory(target: Target, { withoutWrites = false }: Pick<VerifyOptions, "withoutWrites">): Check[] {
  const { rest: expected, services } = target.expected;
  const doors = target.rest;
  if (expected === undefined || doors === undefined) return [];
  const stories = services.map(storyOf);
  return doors
    .flatMap((door) => restChecks(target, door, expected, stories))
    .map((check) =>
      withoutWrites && /^(write|read-back|replica|work)\//.test(check.id) ? leftOut(check, "--without-writes") : check,
    );
}

function burstChecks(target: Target, { withoutThrottles = false }: VerifyOptions): Check[] {
  const stories = target.expected.services.map(storyOf);
  const checks = storyDoors(target).flatMap((door) => stories.flatMap((story) => throttleChecks(door, story)));
  return withoutThrottles ? checks.map((check) => leftOut(check, "--without-throttles")) : checks;
}

function leftOut(check: Check, option: string): Check {
  return {
    ...check,
    run: async () => {
      throw new NotRun(`left out by ${option}`, true);
    },
  };
}

async function resultOf({ id, expected, run }: Check, session: Session): Promise<Result> {
  const startedAt = performance.now();
  const end = (rest: Omit<Result, "id" | "expected" | "milliseconds">): Result => ({
    id,
    expected,
    ...rest,
    milliseconds: Math.round(performance.now() - startedAt),
  });
  try {
    if (session.signal.aborted) throw new NotRun("the run ended before");
    const got = await run(session);
    return end(got === undefined ? { status: "ok" } : { status: "failed", got });
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof NotApplicable) return end({ status: "not applicable", reason: message });
    if (error instanceof NotRun)
      return end({ status: "not run", reason: message, ...(error.asked ? { allowed: true } : {}) });
    return end({ status: "failed", got: message });
  }
}

/** Asks for each set of scopes once. */
function remembered(source: TokenSource): TokenSource {
  const tokens = new Map<string, Promise<string>>();
  return (scopes, without = []) => {
    const key = `${[...scopes].sort().join(" ")} -${[...without].sort().join(" ")}`;
    const token = tokens.get(key) ?? source(scopes, without);
    tokens.set(key, token);
    return token;
  };
}

function missingToken(reason: string, asked: boolean): TokenSource {
  return async () => {
    throw new NotRun(reason, asked);
  };
}
