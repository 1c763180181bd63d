import { request } from "undici";
import type { RecoveryPlan } from "../../graph/recovery/recovery";
import { UserError } from "../../graph/user-error";
import { tokenHeader } from "../../local/drills/control-api";
import { readControlToken } from "../../local/drills/control-token";
import type { DrillMark, DrillPhase } from "../../local/drills/drill-marks";
import type { FaultRequest, NamedFault } from "../../local/drills/fault-board";

/** The control API of the platform that runs from a folder. */
export class Control {
  private readonly token: string;

  /** @throws {UserError} when its token cannot be read */
  constructor(
    private readonly consoleUrl: string,
    folder: string,
  ) {
    this.token = readControlToken(folder);
  }

  /** @throws {UserError} as the API says */
  begin(fault: FaultRequest): Promise<NamedFault> {
    return this.ask("POST", "faults", fault);
  }

  end(id: string): Promise<NamedFault> {
    return this.ask("DELETE", `faults/${id}`);
  }

  async faults(): Promise<readonly NamedFault[]> {
    return (await this.ask<{ faults: readonly NamedFault[] }>("GET", "faults")).faults;
  }

  recovery(): Promise<RecoveryPlan> {
    return this.ask("GET", "recovery");
  }

  /** Replaces the servers of a service by new ones; resolves when the last old one has drained. */
  release(service: string): Promise<{ readonly servers: number }> {
    return this.ask("POST", "releases", { service });
  }

  mark(title: string): Promise<DrillMark> {
    return this.ask("POST", "drills", { title });
  }

  move(id: string, phase: DrillPhase, report?: unknown): Promise<DrillMark> {
    return this.ask("PUT", `drills/${id}`, { phase, report });
  }

  private async ask<T>(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: object): Promise<T> {
    const answer = await request(`${this.consoleUrl}/_platform/${path}`, {
      method,
      headers: { [tokenHeader]: this.token },
      headersTimeout: 120_000,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json = (await answer.body.json()) as { message?: string };
    if (answer.statusCode >= 300) throw new UserError(json.message ?? `the platform answered ${answer.statusCode}`);
    return json as T;
  }
}
