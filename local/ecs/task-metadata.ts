import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { isLoopbackHost } from "../ports/hosts";
import { LoopbackServer } from "../ports/loopback-server";
import { ZoneKeys } from "../vpc/zone-keys";

/**
 * The address from which a task learns what ECS knows of it, version 4: here its ARN and its zone.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate.html
 */
export class TaskMetadata {
  private readonly server = new LoopbackServer(createServer((req, res) => this.handle(req, res)));
  private readonly tasks = new ZoneKeys(() => randomBytes(16).toString("hex"));

  start(): Promise<void> {
    return this.server.start();
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  /** Returns the variable by which a new task in the zone finds it. */
  variables(zone: string): Record<string, string> {
    return { ECS_CONTAINER_METADATA_URI_V4: `${this.server.url}/v4/${this.tasks.keyIn(zone)}` };
  }

  private handle({ method, url = "", headers }: IncomingMessage, res: ServerResponse): void {
    const [, id = ""] = /^\/v4\/([0-9a-f]{32})\/task$/.exec(url) ?? [];
    const zone = this.tasks.zoneOf(id);
    if (method !== "GET" || zone === undefined || !isLoopbackHost(headers.host ?? "")) {
      res.writeHead(404).end();
      return;
    }
    const TaskARN = `arn:aws:ecs:${zone.slice(0, -1)}:123456789012:task/here/${id}`;
    const task = { Cluster: "here", TaskARN, AvailabilityZone: zone, LaunchType: "FARGATE" };
    res.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(task));
  }
}
