import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { isLoopbackHost } from "../ports/hosts";
import { LoopbackServer } from "../ports/loopback-server";
import { ZoneKeys } from "../vpc/zone-keys";
import { zoneId } from "../vpc/zones";

/**
 * The address from which a function learns in which zone it runs, by the zone's id. On AWS each execution environment has
 * its own; here its token tells who asks.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-metadata-endpoint.html
 */
export class FunctionMetadata {
  private readonly server = new LoopbackServer(createServer((req, res) => this.handle(req, res)));
  private readonly tokens = new ZoneKeys(() => randomBytes(24).toString("base64url"));

  start(): Promise<void> {
    return this.server.start();
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  /** Returns the variables that Lambda sets in an execution environment, for its zone and its log stream. */
  variables(zone: string): Record<string, string> {
    const day = new Date().toISOString().slice(0, 10).replaceAll("-", "/");
    return {
      AWS_LAMBDA_METADATA_API: new URL(this.server.url).host,
      AWS_LAMBDA_METADATA_TOKEN: this.tokens.keyIn(zone),
      AWS_LAMBDA_LOG_STREAM_NAME: `${day}/[1]${randomBytes(16).toString("hex")}`,
    };
  }

  private handle({ method, url, headers }: IncomingMessage, res: ServerResponse): void {
    const zone = this.tokens.zoneOf((headers.authorization ?? "").replace("Bearer ", ""));
    const known = method === "GET" && url === "/2026-01-15/metadata/execution-environment";
    const status = !known ? 404 : zone === undefined || !isLoopbackHost(headers.host ?? "") ? 401 : 200;
    res.writeHead(status, { "content-type": "application/json" });
    res.end(status === 200 ? JSON.stringify({ AvailabilityZoneID: zoneId(zone!) }) : "{}");
  }
}
