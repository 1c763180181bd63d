import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { projectRoot } from "../../../graph/project-root";
import { onLines } from "../../processes/lines";
import { smallHeapArguments, smallHeapVariables } from "../../processes/memory";
import { hasEnded } from "../../processes/reaper";
import type { ExternalProvider } from "./providers";

const startMs = 20_000;

/** What the issuer knows of the stand-in. */
export interface RunningStandIn {
  /** Its address, and the issuer of its tokens. */
  readonly url: string;
  /** Returns the secret of a provider's client. */
  secretOf(provider: ExternalProvider): string;
}

/**
 * The process that stands in for the external providers of the plan. It is started by the first person who wants to sign in
 * by one, as it takes some 90 MB.
 */
export class StandIn {
  private child: ChildProcess | undefined;
  private running: Promise<RunningStandIn> | undefined;

  constructor(
    private readonly providers: readonly ExternalProvider[],
    private readonly log: (line: string) => void,
  ) {}

  /** @param redirectUri  where it sends people back to @throws {Error} when it does not start */
  start(redirectUri: string): Promise<RunningStandIn> {
    this.running ??= this.fork(redirectUri).catch((error) => {
      this.running = undefined;
      throw error;
    });
    return this.running;
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child === undefined || hasEnded(child)) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }

  private async fork(redirectUri: string): Promise<RunningStandIn> {
    const secrets = new Map(this.providers.map(({ clientId }) => [clientId, randomBytes(32).toString("hex")]));
    const child = fork(join(projectRoot, "local/cognito/federation/stand-in.mjs"), {
      env: { ...process.env, ...smallHeapVariables },
      execArgv: [...smallHeapArguments],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.child = child;
    for (const output of [child.stdout!, child.stderr!]) onLines(output, this.log);
    child.on("error", () => {}); // a message that no longer reached it
    child.once("exit", () => {
      this.running = undefined;
    });
    child.send({ clients: [...secrets].map(([id, secret]) => ({ id, secret, redirectUri })) });
    const signal = AbortSignal.timeout(startMs);
    const ended = once(child, "exit", { signal }).then(() => {
      throw new Error(
        "the stand-in for external providers ended; see the log, and run `npm ci` if a package is missing",
      );
    });
    ended.catch(() => {});
    const [{ url }] = (await Promise.race([once(child, "message", { signal }), ended])) as [{ url: string }];
    return { url, secretOf: ({ clientId }) => secrets.get(clientId)! };
  }
}
