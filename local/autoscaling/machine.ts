import { availableParallelism } from "node:os";

/** What is left for further servers on this machine. */
export interface MachineLimits {
  /** Most servers over all groups that scaling adds to the planned minimum, per processor core. */
  readonly addedPerCore: number;
  /** Memory that stays free. */
  readonly freeMegabytes: number;
  /** What a server of the platform takes. */
  readonly serverMegabytes: number;
}

const limits: MachineLimits = { addedPerCore: 8, freeMegabytes: 512, serverMegabytes: 64 };

/** Says how many more servers this machine bears, as each of them has a share of its memory and cores. */
export class Machine {
  constructor(
    private readonly cores = availableParallelism(),
    private readonly availableBytes = () => process.availableMemory(),
  ) {}

  /**
   * Returns how many of some further servers can start.
   * @param added  servers that scaling has added so far
   */
  room(wanted: number, added: number): number {
    const byMemory = (this.availableBytes() / 2 ** 20 - limits.freeMegabytes) / limits.serverMegabytes;
    const byCores = this.cores * limits.addedPerCore - added;
    return Math.max(0, Math.min(wanted, Math.floor(byMemory), byCores));
  }
}
