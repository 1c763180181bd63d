import { UserError } from "../../graph/user-error";
import type { Faults } from "../faults/faults";
import { type FaultName, type FaultPlace, faultKinds, type How } from "../faults/kinds";

/** What is asked to fail, as a request of the API has it. */
export interface FaultRequest {
  readonly kind: FaultName;
  /** @default the first of `faultKinds[kind]` */
  readonly how?: How;
  /** Of an instance. @default one that has several servers */
  readonly service?: string;
  /** Of an instance, region or dependency. @default the region that answers the global name */
  readonly region?: string;
  /** Of an instance or zone. @default the first zone of the region that answers */
  readonly zone?: string;
  /** Ends the fault after this time of this machine. @default it lasts until it is ended */
  readonly seconds?: number;
}

/** A fault that was begun by name. Times are ISO 8601. */
export interface NamedFault {
  readonly id: string;
  readonly kind: FaultName;
  readonly how: How;
  readonly service?: string;
  readonly region?: string;
  readonly zone?: string;
  /** Process of an instance. */
  readonly pid?: number;
  readonly begunAt: string;
  readonly endedAt?: string;
}

/** What can fail in the platform that runs. */
export interface Places {
  readonly services: readonly string[];
  readonly zones: readonly string[];
  readonly regions: readonly string[];
}

/** What the board needs of the platform. */
export interface BoardOptions {
  readonly faults: Faults;
  readonly places: () => Places;
  /** The region that answers the global name now. */
  readonly answering: () => string;
  readonly log: (line: string) => void;
}

/** How many faults that have ended are remembered. */
const remembered = 100;
const mostSeconds = 86_400;

/** The faults of a running platform that were begun by name. */
export class FaultBoard {
  private readonly named: { fault: NamedFault; end: () => Promise<void>; timer: NodeJS.Timeout | undefined }[] = [];
  private count = 0;

  constructor(private readonly options: BoardOptions) {}

  /** Every fault, the earliest first; those without `endedAt` last. */
  get list(): readonly NamedFault[] {
    return this.named.map(({ fault }) => fault);
  }

  /** @throws {UserError} on what cannot fail so, and on what fails already */
  async begin(asked: FaultRequest): Promise<NamedFault> {
    const { kind, seconds } = asked;
    oneOf("kind", kind, Object.keys(faultKinds));
    const { how = faultKinds[kind][0] } = asked;
    this.refuseUnknown({ ...asked, how });
    const { place, where } = this.placeOf(asked);
    const same = this.list.find(({ endedAt, ...each }) => !endedAt && key(each) === key({ kind, ...where }));
    if (same) throw new UserError(`${kind} ${shown(where)} fails already, as ${same.id}; end that first`);
    const end = await this.options.faults.begin(place, how);
    const fault: NamedFault = { id: `fault-${++this.count}`, kind, how, ...where, begunAt: new Date().toISOString() };
    const timer = seconds === undefined ? undefined : setTimeout(() => void this.end(fault.id), seconds * 1_000);
    this.named.push({ fault, end, timer });
    while (this.named.length > remembered && this.named[0]!.fault.endedAt) this.named.shift();
    this.options.log(`${fault.id}: ${kind} ${shown(where)} fails (${how})`);
    return fault;
  }

  /** Ends a fault; one that has ended stays as it is. @throws {UserError} on an id that no fault has */
  async end(id: string): Promise<NamedFault> {
    const own = this.named.find(({ fault }) => fault.id === id);
    if (own === undefined) {
      throw new UserError(`no fault has the id ${id}; those that last: ${this.lasting().join(", ") || "none"}`);
    }
    clearTimeout(own.timer);
    if (own.fault.endedAt === undefined) {
      await own.end();
      own.fault = { ...own.fault, endedAt: new Date().toISOString() };
      this.options.log(`${id}: ended`);
    }
    return own.fault;
  }

  /** Ends every fault; returns those that it has ended. */
  async endAll(): Promise<NamedFault[]> {
    const ended: NamedFault[] = [];
    for (const id of this.lasting()) ended.push(await this.end(id));
    return ended;
  }

  private lasting(): string[] {
    return this.list.filter(({ endedAt }) => endedAt === undefined).map(({ id }) => id);
  }

  private refuseUnknown({ kind, how, service, region, zone, seconds = 1 }: FaultRequest): void {
    const { services, regions, zones } = this.options.places();
    oneOf(`how of ${kind}`, how, faultKinds[kind]);
    if (service !== undefined) oneOf("service", service, services);
    if (region !== undefined) oneOf("region", region, regions);
    if (zone !== undefined) oneOf("zone", zone, zones);
    if (typeof seconds === "number" && seconds > 0 && seconds <= mostSeconds) return;
    throw new UserError(`seconds must be a number over 0, at most ${mostSeconds}, got ${JSON.stringify(seconds)}`);
  }

  private placeOf({ kind, service, region, zone }: FaultRequest) {
    const here = region ?? this.options.answering();
    switch (kind) {
      case "region":
        return { place: { region: here } satisfies FaultPlace, where: { region: here } };
      case "dependency":
        return { place: { store: here } satisfies FaultPlace, where: { region: here } };
      case "zone": {
        const chosen = zone ?? this.options.places().zones.find((each) => each.startsWith(here));
        if (chosen === undefined)
          throw new UserError(`${here} has no zone in which something runs; name another region`);
        return { place: { zone: chosen } satisfies FaultPlace, where: { zone: chosen } };
      }
      case "instance": {
        const server = this.options.faults.serverAt({ service, zone, ...(zone === undefined && { region: here }) });
        if (server === undefined) {
          throw new UserError(
            `no healthy server of ${service ?? "a service"} is in ${zone ?? here}; name another place`,
          );
        }
        return { place: { server } satisfies FaultPlace, where: server };
      }
    }
  }
}

/** @throws {UserError} when a value is not one of those that are allowed */
function oneOf(name: string, value: unknown, allowed: readonly string[]): void {
  if (typeof value === "string" && allowed.includes(value)) return;
  throw new UserError(`${name} must be one of ${allowed.join(", ")}, got ${JSON.stringify(value) ?? "nothing"}`);
}

type Where = Pick<NamedFault, "service" | "region" | "zone" | "pid">;

function key({ kind, service, region, zone, pid }: Where & { kind: FaultName }): string {
  return JSON.stringify([kind, service, region, zone, pid]);
}

/** @example shown({ service: "food-store", zone: "eu-west-1a", pid: 12 }) // "food-store in eu-west-1a (12)" */
function shown({ service, region, zone, pid }: Where): string {
  const place = zone ?? region ?? "";
  return service === undefined ? place : `${service} in ${place} (${pid})`;
}
