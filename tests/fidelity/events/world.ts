import type { IncomingMessage, ServerResponse } from "node:http";
import { GraphIndex } from "../../../graph/model";
import { AwsEndpoint } from "../../../local/aws/aws-endpoint";
import { operatorKeys } from "../../../local/iam/access";
import { signedHeaders } from "../../../local/iam/sigv4/signed-headers";
import { Messaging } from "../../../local/messaging";
import { serve } from "../../local/apigateway/http/helpers/running";
import { operatorOnly } from "../../local/helpers/access";

export const account = "123456789012";
export const region = "eu-west-1";

/** What an API has answered. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly ms: number;
}

/** Queues and topics of a running endpoint, whose clock a case moves on. */
export class World {
  readonly messaging: Messaging;
  readonly endpoint: AwsEndpoint;
  /** Requests that the HTTP endpoint of the case got. */
  readonly posts: { readonly headers: IncomingMessage["headers"]; readonly body: string }[] = [];
  /** Events that functions of the case got. */
  readonly events: any[] = [];
  readonly lines: string[] = [];
  /** Address of the HTTP endpoint of the case. */
  url = "";
  private passedMs = 0;

  private constructor() {
    // A plan says the account by the ARNs of its resources.
    const role = { type: "aws:iam/role:Role", outputs: { arn: `arn:aws:iam::${account}:role/any` } };
    const index = new GraphIndex({ project: "p", stack: "s", resources: [role as any], outputs: {} });
    this.messaging = new Messaging(index, {
      now: () => Date.now() + this.passedMs,
      access: operatorOnly,
      sessionOf: () => undefined,
      log: (source, line) => this.lines.push(`${source}: ${line}`),
    });
    this.endpoint = new AwsEndpoint(index, {
      access: operatorOnly,
      usagePlans: () => undefined,
      apis: (url) => this.messaging.apis(url),
      log: () => {},
    });
  }

  static async start(): Promise<World> {
    const world = new World();
    await world.endpoint.start();
    const { origin } = await serve((req, res) => void world.take(req, res));
    world.url = origin;
    const invoke = async (_: string, event: unknown) => world.events.push(event);
    world.messaging.start(world.endpoint.url, { invoke });
    return world;
  }

  private async take(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk);
    this.posts.push({ headers: req.headers, body: Buffer.concat(chunks).toString() });
    res.writeHead(200).end();
  }

  /** Lets planned time pass at once. */
  pass(seconds: number): void {
    this.passedMs += seconds * 1_000;
  }

  async stop(): Promise<void> {
    this.messaging.stop();
    await this.endpoint.stop();
  }

  /** Calls an operation of a service by the JSON protocol. */
  json(service: string, target: string, input: object): Promise<Answered> {
    const type = "application/x-amz-json-1.0";
    return this.call(service, { "content-type": type, "x-amz-target": target }, JSON.stringify(input));
  }

  /** Calls an operation of a service by the query protocol. @param parameters  of the form, with their dots */
  query(service: string, action: string, parameters: Readonly<Record<string, string>>, path = "/"): Promise<Answered> {
    const form = new URLSearchParams({ Action: action, ...parameters }).toString();
    return this.call(service, { "content-type": "application/x-www-form-urlencoded" }, form, path);
  }

  private async call(service: string, given: Record<string, string>, body: string, path = "/"): Promise<Answered> {
    const { host } = new URL(this.endpoint.url);
    const message = { method: "POST", url: path, headers: { host, ...given }, body };
    const { host: _, ...headers } = signedHeaders(message, operatorKeys, { region, service });
    const began = performance.now();
    const answer = await fetch(`${this.endpoint.url}${path}`, { method: "POST", headers, body });
    const text = await answer.text();
    const ms = performance.now() - began;
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body: text, ms };
  }
}
