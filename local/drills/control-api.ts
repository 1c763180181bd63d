import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { RecoveryPlan } from "../../graph/recovery/recovery";
import { UserError } from "../../graph/user-error";
import { faultKinds } from "../faults/kinds";
import { isLoopbackHost } from "../ports/hosts";
import type { DrillMarks } from "./drill-marks";
import type { FaultBoard, FaultRequest, Places } from "./fault-board";

/** Header with the token that a request which changes something must have. */
export const tokenHeader = "x-platform-token";

/** What the API acts on. */
export interface ControlOptions {
  readonly board: FaultBoard;
  readonly marks: DrillMarks;
  readonly places: () => Places;
  readonly token: string;
  /** What the plan says of how faults are found. */
  readonly recovery: () => Promise<RecoveryPlan>;
  /** Replaces the servers of a service in all regions; returns how many, when the last old one has drained. */
  readonly release: (service: string) => Promise<number>;
}

type Json = Readonly<Record<string, unknown>>;
type Answer = readonly [status: number, body: unknown];

const maxBodyBytes = 1_000_000;

/**
 * The control API of a running platform, below `/_platform/`; docs/drills.md describes it. Reading is open to this machine.
 * Changing needs the token, and no page of another origin may ask for it.
 */
export class ControlApi {
  constructor(private readonly options: ControlOptions) {}

  /** Answers a request. @returns false for a path that it does not have */
  handle(req: IncomingMessage, res: ServerResponse): boolean {
    const [, resource = "", id] =
      /^\/_platform\/(faults|drills|recovery|releases)(?:\/([a-z]+-\d+))?$/.exec(req.url ?? "") ?? [];
    if (resource === "") return false;
    void this.answer(req, resource, id)
      .catch(
        (error): Answer => [
          error instanceof UserError ? 400 : 500,
          { message: error instanceof UserError ? error.message : "Internal Server Error" },
        ],
      )
      .then(([status, body]) => {
        const headers = { "content-type": "application/json", "cache-control": "no-store" };
        res.writeHead(status, { ...headers, "x-content-type-options": "nosniff" });
        res.end(JSON.stringify(body));
      });
    return true;
  }

  private async answer(req: IncomingMessage, resource: string, id: string | undefined): Promise<Answer> {
    const { board, marks } = this.options;
    const asked = `${req.method} ${resource}${id === undefined ? "" : "/"}`;
    if (asked === "GET faults") return [200, this.faults()];
    if (asked === "GET drills") return [200, { drills: marks.list }];
    if (asked === "GET recovery") return [200, await this.options.recovery()];
    const refusal = refusalOf(req, this.options.token);
    if (refusal !== undefined) {
      req.resume();
      return [403, { message: refusal }];
    }
    switch (asked) {
      case "POST faults":
        return [201, await board.begin((await jsonOf(req)) as unknown as FaultRequest)];
      case "DELETE faults":
        return [200, { faults: await board.endAll() }];
      case "DELETE faults/":
        return [200, await board.end(id!)];
      case "POST releases":
        return [200, { servers: await this.release(await jsonOf(req)) }];
      case "POST drills":
        return [201, marks.add(await jsonOf(req))];
      case "PUT drills/":
        return [200, marks.move(id!, await jsonOf(req))];
      default:
        req.resume();
        return [405, { message: `${req.method} is not possible here; docs/drills.md lists what is` }];
    }
  }

  /** @throws {UserError} on a service that has no servers */
  private async release({ service }: Json): Promise<number> {
    const released = await this.options.release(String(service));
    if (released > 0) return released;
    const { services } = this.options.places();
    throw new UserError(`service must have servers, got ${JSON.stringify(service)}; services: ${services.join(", ")}`);
  }

  private faults() {
    return { kinds: faultKinds, places: this.options.places(), faults: this.options.board.list };
  }
}

/** Returns why a request may change nothing; undefined for one that may. @param token  that of the platform */
export function refusalOf({ headers }: IncomingMessage, token: string): string | undefined {
  const { host = "", origin, "sec-fetch-site": site = "none" } = headers;
  if (!isLoopbackHost(host)) return "Host must name this machine";
  if (origin !== undefined && origin !== `http://${host}`) return "Origin must be that of the console";
  if (site !== "none" && site !== "same-origin") return "only the console's own pages may ask";
  const given = Buffer.from(String(headers[tokenHeader] ?? ""));
  const own = Buffer.from(token);
  const same = given.length === own.length && timingSafeEqual(given, own);
  return same ? undefined : `${tokenHeader} must be the text of the file control-token in the platform's folder`;
}

/** @throws {UserError} when the body is no JSON object, or too large */
export async function jsonOf(req: IncomingMessage): Promise<Json> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new UserError(`a body may have ${maxBodyBytes} bytes`);
    chunks.push(chunk);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString());
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Json;
  } catch {}
  throw new UserError('the body must be a JSON object, such as {"kind":"zone"}');
}
