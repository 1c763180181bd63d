import type { IncomingMessage, ServerResponse } from "node:http";
import type { Graph } from "../../graph/model";
import { recoveryOf } from "../../graph/recovery/recovery";
import { ControlPlanes } from "../control-planes";
import type { Reach } from "../faults/cut-gateway";
import { type Breakable, Faults } from "../faults/faults";
import type { LogSink } from "../processes/lines";
import { ControlApi } from "./control-api";
import { makeControlToken, removeControlToken } from "./control-token";
import { DrillMarks } from "./drill-marks";
import { FaultBoard, type Places } from "./fault-board";

/** What drills need of the platform. */
interface Drilled extends Breakable {
  state(): ReturnType<Breakable["state"]> & { readonly global: { readonly region: string } };
  /** See `RunningPlatform`. */
  release(service: string): Promise<number>;
}

/** Settings of `Drills`. */
export interface DrillsOptions {
  readonly graph: Graph | Promise<Graph>;
  /** @default faults of what was started without any in its way */
  readonly faults?: Faults;
}

/** Faults by name of a platform, and the drills that are run against it, by its control API. */
export class Drills {
  readonly faults: Faults;
  readonly board: FaultBoard;
  readonly marks = new DrillMarks();
  private api: ControlApi | undefined;
  private folder: string | undefined;

  constructor(
    private readonly platform: Drilled,
    log: LogSink,
    private readonly options: DrillsOptions,
  ) {
    this.faults = options.faults ?? Faults.within(new ControlPlanes((line) => log("control planes", line)));
    const { faults } = this;
    const answering = () => platform.state().global.region;
    const places = () => this.places();
    this.board = new FaultBoard({ faults, places, answering, log: (line) => log("faults", line) });
  }

  get planes(): ControlPlanes {
    return this.faults.planes;
  }

  get reach(): Reach {
    return this.faults.reach;
  }

  /** Token that changes need; the console's page has it for its buttons. Empty before `open`. */
  token = "";

  /** Makes the token, in the platform's folder. */
  async open(folder: string): Promise<void> {
    this.folder = folder;
    this.token = makeControlToken(folder);
    const { board, marks, token } = this;
    const recovery = async () => recoveryOf(await this.options.graph);
    const release = (service: string) => this.platform.release(service);
    this.api = new ControlApi({ board, marks, token, recovery, release, places: () => this.places() });
    await this.faults.attach(this.platform);
  }

  /** Answers a request to the control API. @returns false for a path that it does not have */
  handle(req: IncomingMessage, res: ServerResponse): boolean {
    return this.api?.handle(req, res) ?? false;
  }

  /** Ends the faults. */
  async stop(): Promise<void> {
    await this.faults.stop();
    if (this.folder !== undefined) removeControlToken(this.folder);
  }

  private places(): Places {
    const { workloads } = this.platform.state();
    const of = (values: readonly string[]) => [...new Set(values)].sort();
    return {
      // Functions of the platform itself have the names of their regions.
      services: of(workloads.flatMap(({ service, region }) => (service.startsWith(`${region}-`) ? [] : [service]))),
      zones: of(workloads.flatMap(({ servers }) => servers.map(({ zone }) => zone))),
      regions: of(workloads.map(({ region }) => region)),
    };
  }
}
