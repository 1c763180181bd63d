import { request } from "undici";
import { CloudMapService } from "../../local/cloudmap/discovery";
import { TargetGroup } from "../../local/elb/target-group";
import { Reaper } from "../../local/processes/reaper";
import type { ServerGroup } from "../../local/processes/server-group";
import { Supervisor } from "../../local/processes/supervisor";
import { TimeScale } from "../../local/time-scale";
import { standIn } from "../local/helpers/artifact";

const targets = {
  key: "targets",
  algorithm: "round_robin",
  path: "/healthz",
  matcher: "200",
  intervalSeconds: 10,
  timeoutSeconds: 5,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
  deregistrationSeconds: 30,
  minimumHealthyTargets: 1,
} as const;

export const containerCheck = {
  command: ["node", "healthcheck.cjs"],
  intervalSeconds: 10,
  timeoutSeconds: 5,
  retries: 2,
  startPeriodSeconds: 0,
};

/** Starting processes takes long on a busy machine; waits end as soon as they can. */
export const longestMs = 30_000;

/** Tells whether a process runs; costs no process of its own, unlike `alive`. */
export function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Groups of servers that answer 200, or 500 to health checks once they are sick; a hundred times as fast as planned. */
export class Fleet {
  readonly logs: string[] = [];
  readonly time = new TimeScale(100);
  cloudMap = new CloudMapService(true);
  targetGroup = new TargetGroup(targets, this.time);
  private readonly artifact = standIn();
  private reaper = new Reaper();
  private running: Supervisor | undefined;

  /** Tasks in Cloud Map, with a container check. */
  ecs(change: Partial<ServerGroup> = {}): Supervisor {
    this.cloudMap = new CloudMapService(true);
    return this.supervise({ pattern: "ecs", containerCheck, registersWith: ["discovery"], ...change });
  }

  /** Instances behind a balancer. */
  ec2(change: Partial<ServerGroup> = {}): Supervisor {
    this.targetGroup = new TargetGroup(targets, this.time);
    return this.supervise({ pattern: "ec2", balancerGraceSeconds: 0, restartsInPlace: true, ...change });
  }

  /** Makes servers fail their health checks. */
  async sicken(servers: readonly { readonly origin: string }[]): Promise<void> {
    for (const { origin } of servers) await (await request(`${origin}/sicken`)).body.dump();
  }

  /** Chooses a server as the balancer does; undefined when there is none. */
  picked(): string | undefined {
    const choice = this.targetGroup.pick();
    if (choice.kind !== "server") return undefined;
    choice.requestEnded();
    return choice.origin;
  }

  async stop(): Promise<void> {
    await this.running?.stop();
    this.running = undefined;
    await this.reaper.stop();
    this.reaper = new Reaper();
    this.logs.length = 0;
  }

  remove(): void {
    this.artifact.remove();
  }

  private supervise(change: Partial<ServerGroup>): Supervisor {
    const group: ServerGroup = {
      id: "urn",
      service: "thing",
      region: "eu-west-1",
      pattern: "ec2",
      zones: ["a", "b", "c"],
      desired: 1,
      env: { TABLE_NAME: "things", DRAIN_SECONDS: "0" },
      command: ["node", "server.cjs"],
      cwd: this.artifact.folder,
      restartSeconds: 1,
      stopTimeoutSeconds: 60,
      registersWith: ["targets"],
      ...change,
    };
    this.running = new Supervisor(group, {
      root: "/",
      registry: (key) => (key === "targets" ? this.targetGroup : this.cloudMap),
      overrides: () => ({}),
      time: this.time,
      reaper: this.reaper,
      startSeconds: 60,
      log: (source, line) => this.logs.push(`${source}: ${line}`),
    });
    return this.running;
  }
}
