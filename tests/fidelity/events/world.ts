import type { IncomingMessage, ServerResponse } from "node:http";
import { GraphIndex } from "../../../graph/model";
import { AwsEndpoint } from "../../../local/aws/aws-endpoint";
import { callAsOperator } from "../../../local/dynamodb/operator-call";
import type { DynamoDbStore } from "../../../local/dynamodb/store";
import { operatorKeys } from "../../../local/iam/access";
import { readPolicy } from "../../../local/iam/policy";
import { signedHeaders } from "../../../local/iam/sigv4/signed-headers";
import { Messaging } from "../../../local/messaging";
import { TimeScale } from "../../../local/time-scale";
import { serve } from "../../local/apigateway/http/helpers/running";
import { operatorOnly } from "../../local/helpers/access";
import { CaseFunction } from "./function";
import { planOf } from "./plan";
import { sharedStore } from "./shared-store";

export const account = "123456789012";
export const region = "eu-west-1";

/** What an API has answered. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly ms: number;
}

const everything = { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*" } };

/** Queues, topics and a function of a running endpoint, whose clock a case moves on. */
export class World {
  readonly messaging: Messaging;
  readonly endpoint: AwsEndpoint;
  readonly function = new CaseFunction();
  /** Requests that the HTTP endpoint of the case got. */
  readonly posts: { readonly headers: IncomingMessage["headers"]; readonly body: string }[] = [];
  readonly lines: string[] = [];
  /** Address of the HTTP endpoint of the case. */
  url = "";
  private passedMs = 0;
  private store: DynamoDbStore | undefined;
  private readonly tables = new Set<string>();
  private readonly index: GraphIndex;

  /** @param pipes  properties of planned pipes */
  private constructor(
    readonly timeScale: number,
    pipes: readonly object[],
  ) {
    this.index = new GraphIndex(planOf({ account, region, pipes }));
    const role = (arn: string) => ({ kind: "session", arn, role: arn, account }) as const;
    this.messaging = new Messaging(this.index, {
      now: () => Date.now() + this.passedMs,
      time: new TimeScale(timeScale),
      access: operatorOnly,
      sessionOf: (arn) => ({ caller: role(arn), identity: [readPolicy(everything, "identity")] }),
      log: (source, line) => this.lines.push(`${source}: ${line}`),
      tables: () => this.store!.url,
      keysOf: () => operatorKeys,
    });
    this.endpoint = new AwsEndpoint(this.index, {
      access: operatorOnly,
      usagePlans: () => undefined,
      apis: (url) => this.messaging.apis(url),
      log: () => {},
    });
  }

  static async start(timeScale = 1, pipes: readonly object[] = []): Promise<World> {
    const world = new World(timeScale, pipes);
    await world.endpoint.start();
    const { origin } = await serve((req, res) => void world.take(req, res));
    world.url = origin;
    world.messaging.start(world.endpoint.url, { invoke: (_, event) => world.function.invoke(event) });
    return world;
  }

  /** Lets planned time pass at once. */
  pass(seconds: number): void {
    this.passedMs += seconds * 1_000;
    // Those who wait for a message look at the clock again.
    for (const queue of this.messaging.queues.all) queue.change({});
  }

  /** Calls DynamoDB, or its streams. @throws {Error} named as the exception */
  async dynamodb(operation: string, input: any): Promise<any> {
    this.store ??= await sharedStore(this.index);
    const streams = /Stream|Shard|Records/.test(operation) ? "DynamoDBStreams_20120810" : undefined;
    const answer = await callAsOperator(this.store.url, region, operation, input, streams);
    if (operation !== "CreateTable") return answer;
    this.tables.add(input.TableName);
    while ((await this.dynamodb("DescribeTable", { TableName: input.TableName })).Table.TableStatus !== "ACTIVE");
    return answer;
  }

  async stop(): Promise<void> {
    await this.messaging.stop();
    await this.endpoint.stop();
    for (const TableName of this.tables) {
      await this.dynamodb("DeleteTable", { TableName });
      // A table goes after the answer; until then there cannot be another one of its name.
      while (await this.isThere(TableName));
    }
  }

  private async isThere(TableName: string): Promise<boolean> {
    return this.dynamodb("DescribeTable", { TableName }).then(
      () => true,
      () => false,
    );
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

  private async take(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk);
    this.posts.push({ headers: req.headers, body: Buffer.concat(chunks).toString() });
    res.writeHead(200).end();
  }
}
