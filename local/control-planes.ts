import { UserError } from "../graph/user-error";

/** Who asks a control plane: a server or gateway that answers requests, what moves names, what changes numbers, and people. */
export type ControlPlaneUser = "serve" | "fail over" | "scale" | "replace" | "operate";

/** What is asked of a control plane. */
export interface ControlPlaneCall {
  readonly by: ControlPlaneUser;
  /** @example "start a server of food-store" */
  readonly what: string;
  /** Region or zone. @example "eu-west-1a" */
  readonly where: string;
}

/** A control plane's answer while it is dark. */
export class ControlPlaneRefused extends UserError {}

/** How often each one asked, and was refused. */
export type ControlPlaneCounts = Readonly<
  Record<ControlPlaneUser, { readonly asked: number; readonly refused: number }>
>;

/**
 * The control planes of AWS, as far as this machine has something for them: starts of servers, tasks and execution
 * environments, registration of targets, and management APIs. While they are dark they refuse everything; what runs goes on.
 * Nothing starts in a zone that is lost.
 */
export class ControlPlanes {
  private isDark = false;
  private readonly lostZones = new Set<string>();
  private readonly calls: (ControlPlaneCall & { readonly refused: boolean })[] = [];

  /** @param log  gets a line for each call that is refused */
  constructor(private readonly log: (line: string) => void = () => {}) {}

  get dark(): boolean {
    return this.isDark;
  }

  /** Refuses everything from now on, or answers again. */
  turn(dark: boolean): void {
    this.isDark = dark;
  }

  /** Takes zones away, or gives them back; returns those that are left of some. */
  lose(zone: string, lost: boolean): void {
    if (lost) this.lostZones.add(zone);
    else this.lostZones.delete(zone);
  }

  /** Tells whether nothing can run in a zone. */
  isLost(zone: string): boolean {
    return this.lostZones.has(zone);
  }

  /** Returns the zones in which something can start; all of them when all are lost, where it then fails. */
  zonesOf(zones: readonly string[]): readonly string[] {
    const left = zones.filter((zone) => !this.lostZones.has(zone));
    return left.length > 0 ? left : zones;
  }

  /** Asks a control plane. @throws {ControlPlaneRefused} while they are dark, and for a zone that is lost */
  ask(call: ControlPlaneCall): void {
    const refused = this.isDark || this.lostZones.has(call.where);
    this.calls.push({ ...call, refused });
    if (!refused) return;
    const why = this.isDark ? "the control plane is dark" : "the zone is lost";
    this.log(`${call.what} in ${call.where} was refused: ${why}`);
    throw new ControlPlaneRefused(`${call.what} in ${call.where}: ${why}`);
  }

  /** How often each one has asked since the start. */
  get counts(): ControlPlaneCounts {
    const of = (by: ControlPlaneUser) => {
      const own = this.calls.filter((call) => call.by === by);
      return { asked: own.length, refused: own.filter(({ refused }) => refused).length };
    };
    return {
      serve: of("serve"),
      "fail over": of("fail over"),
      scale: of("scale"),
      replace: of("replace"),
      operate: of("operate"),
    };
  }
}

/** Has functions keep their provisioned concurrency, and then refuses all that is asked of the control planes. */
export async function goDark(planes: ControlPlanes, functions: { provision(): Promise<void> }): Promise<void> {
  await functions.provision();
  planes.turn(true);
}
