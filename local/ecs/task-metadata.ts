import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { isLoopbackHost } from "../ports/hosts";
import { LoopbackServer } from "../ports/loopback-server";

/** Tasks that are remembered; they ask when they start. */
const most = 1_000;

/**
 * The address from which a task learns what ECS knows of it, version 4: here its ARN and its zone.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate.html
 */
export class TaskMetadata {
  private readonly server = new LoopbackServer(createServer((req, res) => this.handle(req, res)));
  /** Zone by id of the task. */
  private readonly zones = new Map<string, string>();

  start(): Promise<void> {
    return this.server.start();
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  /** Returns the variable by which a new task in the zone finds it. */
  variables(zone: string): Record<string, string> {
    if (this.zones.size >= most) this.zones.clear();
    const id = randomBytes(16).toString("hex");
    this.zones.set(id, zone);
    return { ECS_CONTAINER_METADATA_URI_V4: `${this.server.url}/v4/${id}` };
  }

  private handle({ method, url = "", headers }: IncomingMessage, res: ServerResponse): void {
    const [, id = ""] = /^\/v4\/([0-9a-f]{32})\/task$/.exec(url) ?? [];
    const zone = this.zones.get(id);
    if (method !== "GET" || zone === undefined || !isLoopbackHost(headers.host ?? "")) {
      res.writeHead(404).end();
      return;
    }
    const TaskARN = `arn:aws:ecs:${zone.slice(0, -1)}:123456789012:task/here/${id}`;
    const task = { Cluster: "here", TaskARN, AvailabilityZone: zone, LaunchType: "FARGATE" };
    res.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(task));
  }
}
