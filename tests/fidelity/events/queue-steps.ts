import { isDeepStrictEqual } from "node:util";
import type { EventsStep } from "../events-cases";
import { type Answered, account, region, type World } from "./world";

/** Runs the steps of a case that call SQS. */
export class QueueSteps {
  /** Handles of messages by their bodies, as they were received last. */
  private readonly handles = new Map<string, string>();
  /** Messages by their bodies, as they were received first. */
  private readonly received = new Map<string, any>();

  constructor(private readonly world: World) {}

  /**
   * Calls SQS.
   * @returns `status`, `code` (of the query protocol), `queryError` (the class in the JSON protocol), `message`, `type`,
   *   `headers`, `json`, `xml`, `ms`; of messages the `bodies`, `counts`, how many were `received`, the `body` of the first as JSON, and the `first`, with what
   *   in it is `unchanged` since a message with this body was received first
   */
  async run({ sqs: operation = "", queue, input = {}, protocol }: EventsStep): Promise<Record<string, unknown>> {
    const named = queue === undefined ? {} : { QueueUrl: `(url ${queue})` };
    const filled = JSON.parse(this.filled(JSON.stringify({ ...named, ...input })));
    if (protocol === "query") return this.queried(operation, filled);
    const answered = await this.world.json("sqs", `AmazonSQS.${operation}`, filled);
    return this.seen(answered);
  }

  /** Fills in what earlier steps have made. */
  filled(text: string): string {
    return text
      .replace(/\(url ([\w.-]+)\)/g, (_, name) => `${this.world.endpoint.url}/${account}/${name}`)
      .replace(/\(arn ([\w.-]+)\)/g, (_, name) => `arn:aws:sqs:${region}:${account}:${name}`)
      .replace(/\(handle ([^)]+)\)/g, (_, body) => this.handles.get(body) ?? "none")
      .replace(/\((\d+) times (.)\)/g, (_, times, letter) => letter.repeat(Number(times)));
  }

  /** @returns a body of JSON with its keys */
  private bodyOf(text: string): object | undefined {
    try {
      const json = JSON.parse(text);
      return { json, keys: namesOf(json) };
    } catch {
      return undefined;
    }
  }

  /** Returns a message with what is as when it was received first. */
  private view(message: any): object {
    const before = this.received.get(message.Body);
    const values = ({ MessageId, MessageAttributes, Attributes }: any) => {
      return { MessageId, MessageAttributes, SentTimestamp: Attributes?.SentTimestamp };
    };
    const [now, first]: any[] = [values(message), values(before)];
    const unchanged = Object.keys(now).filter((name) => isDeepStrictEqual(now[name], first[name]));
    return { ...message, attributeNames: namesOf(message.Attributes), unchanged };
  }

  private async queried(operation: string, { QueueUrl: url, ...parameters }: any) {
    const path = url === undefined ? "/" : new URL(url).pathname;
    const answered = await this.world.query("sqs", operation, parameters, path);
    const [, code] = /<Code>(.*?)<\/Code>/.exec(answered.body) ?? [];
    const [, message] = /<Message>(.*?)<\/Message>/s.exec(answered.body) ?? [];
    return { status: answered.status, code, message, xml: answered.body };
  }

  private seen({ status, headers, body, ms }: Answered): Record<string, unknown> {
    const json = JSON.parse(body);
    const messages: any[] = json.Messages ?? [];
    for (const message of messages) {
      this.handles.set(message.Body, message.ReceiptHandle);
      if (!this.received.has(message.Body)) this.received.set(message.Body, message);
    }
    const { __type: type, message } = json;
    const [code] = (headers["x-amzn-query-error"] ?? "").split(";");
    return {
      ...{ status, headers, json, message, type, ms: Math.round(ms) },
      ...(code && { code, queryError: type?.split("#")[1] }),
      received: messages.length,
      ...(messages[0] && { body: this.bodyOf(messages[0].Body) }),
      bodies: messages.map(({ Body }) => Body),
      counts: messages.map(({ Attributes }) => Attributes?.ApproximateReceiveCount),
      ...(messages[0] && { first: this.view(messages[0]) }),
      ...(json.Attributes && { attributeNames: namesOf(json.Attributes) }),
      ...(json.Successful && { successful: json.Successful.map(({ Id }: any) => Id) }),
      ...(json.Failed && { failed: json.Failed.map(({ Id }: any) => Id), failedKeys: namesOf(json.Failed[0]) }),
    };
  }
}

function namesOf(map: object | undefined): string[] {
  return Object.keys(map ?? {}).sort();
}
