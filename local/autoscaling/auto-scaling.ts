import type { TimeScale } from "../time-scale";
import { Machine } from "./machine";
import { type Resizable, ScaledGroup, type ScaledGroupOptions, type ScalingView } from "./scaled-group";
import type { Scaling } from "./scaling";

/** CloudWatch's shortest period of these metrics, in seconds. */
const periodSeconds = 60;

/** Options of `AutoScaling`. */
export interface AutoScalingOptions extends Pick<ScaledGroupOptions, "targets"> {
  readonly time: TimeScale;
  /** Asks the control plane of a region. @throws {Error} when it refuses */
  readonly ask: (what: string, region: string) => void;
  readonly log: (service: string, line: string) => void;
  /** @default this machine */
  readonly machine?: Machine;
}

/** The servers of one service in one region, with how they are planned to scale. */
export interface Scalable {
  readonly id: string;
  readonly service: string;
  readonly region: string;
  readonly fleet: Resizable;
  readonly scaling: Scaling;
}

/** Changes the numbers of servers of all groups by their load, as the planned scaling policies do. */
export class AutoScaling {
  private readonly groups: ReadonlyMap<string, ScaledGroup>;
  private timer: NodeJS.Timeout | undefined;
  private second = 0;

  constructor(
    scalable: readonly Scalable[],
    private readonly options: AutoScalingOptions,
  ) {
    const machine = options.machine ?? new Machine();
    const room = (wanted: number) => machine.room(wanted, this.added());
    this.groups = new Map(
      scalable.map(({ id, fleet, scaling, service, region }) => [
        id,
        new ScaledGroup(fleet, scaling, {
          ...{ room, targets: options.targets },
          ask: (what) => options.ask(`${what} of ${service}`, region),
          log: (line) => options.log(service, `${service} in ${region} ${line}`),
        }),
      ]),
    );
  }

  /** Measures each planned minute from now on. */
  start(): void {
    if (this.groups.size === 0) return;
    let before = performance.now();
    const minute = () => {
      const now = performance.now();
      const seconds = (now - before) / 1_000;
      before = now;
      this.second += seconds * this.options.time.factor;
      for (const group of this.groups.values()) group.measure(this.second, seconds, this.options.time.factor);
    };
    this.timer = setInterval(minute, this.options.time.ms(periodSeconds));
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Returns what is measured of a group; undefined for one that does not scale. */
  view(id: string): ScalingView | undefined {
    return this.groups.get(id)?.view();
  }

  private added(): number {
    return [...this.groups.values()].reduce((sum, { fleet, scaling }) => sum + fleet.desired - scaling.min, 0);
  }
}
