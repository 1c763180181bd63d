import { once } from "node:events";
import * as http from "node:http";
import * as https from "node:https";
import { text } from "node:stream/consumers";
import { dynamoDbAsks } from "../asks";
import { operatorHeaders } from "../operator-call";

/** A store that is not of this platform. */
export interface RemoteStore {
  /** Origin that all regions have; a call says its region in its signature. */
  readonly url: string;
  /** Region of each table: the one where it is planned, also for calls of regions that have a replica. */
  readonly homes: Readonly<Record<string, string>>;
}

/** Longest time for an answer, in milliseconds. */
const timeoutMs = 10_000;

/** The tables of one region in another store: calls are signed anew and passed on. */
export class RemoteTables {
  private readonly agent: http.Agent;
  private readonly request: typeof http.request;

  constructor(
    private readonly region: string,
    private readonly store: RemoteStore,
  ) {
    const { Agent, request } = store.url.startsWith("https:") ? https : http;
    this.agent = new Agent({ keepAlive: true });
    this.request = request as typeof http.request;
  }

  /**
   * Passes an operation on. @param version  of the API
   * @throws {Error} with what the store answered in `statusCode` and `body` when it refused, or that it does not answer
   */
  async run(version: string, operation: string, input: object): Promise<object> {
    const { url } = this.store;
    const { status, body } = await this.send(version, operation, JSON.stringify(input)).catch((error) => {
      throw unavailable(`the store at ${url} does not answer: ${error.message || error.code}`);
    });
    const answer = jsonOf(body);
    if (answer === undefined) throw unavailable(`the store at ${url} answered ${status} and no JSON`);
    if (status === 200) return answer;
    throw Object.assign(new Error(`${operation} was refused`), { statusCode: status, body: answer });
  }

  private async send(version: string, operation: string, body: string): Promise<{ status: number; body: string }> {
    const { url } = this.store;
    const region = this.regionOf(operation, JSON.parse(body));
    const headers = operatorHeaders(url, region, `${version}.${operation}`, body);
    const call = this.request(url, { method: "POST", headers, agent: this.agent, timeout: timeoutMs });
    call.once("timeout", () => call.destroy(new Error(`nothing within ${timeoutMs / 1_000} s`)));
    call.end(body);
    const [response]: [http.IncomingMessage] = (await once(call, "response")) as any;
    return { status: response.statusCode!, body: await text(response) };
  }

  /** The home of the tables that a call names, if it is one; else this region. */
  private regionOf(operation: string, input: object): string {
    const named = dynamoDbAsks(operation, input, { region: this.region, account: "" });
    const homes = named.flatMap(({ resource }) => {
      const [, table = ""] = /:table\/([^/]+)/.exec(resource) ?? [];
      return this.store.homes[table] ?? [];
    });
    const [home, ...others] = new Set(homes);
    return home === undefined || others.length > 0 ? this.region : home;
  }
}

function unavailable(message: string): Error {
  const body = { __type: "com.amazonaws.dynamodb.v20120810#InternalServerError", message };
  return Object.assign(new Error(message), { statusCode: 500, body });
}

function jsonOf(body: string): object | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
