import type { IncomingMessage } from "node:http";
import { type RunningGateway, systemClock } from "../../local/apigateway/gateway";
import { defaultStatus } from "../../local/apigateway/rest/gateway-responses";
import type { RestRegion } from "../../local/apigateway/rest/rest-model";
import { startRestGateway } from "../../local/apigateway/rest/server";
import { UsagePlans } from "../../local/apigateway/rest/usage-plans";
import { operatorKeys } from "../../local/iam/access";
import { FunctionFailure, type LocalCompute, type ServerChoice } from "../../local/local-compute";
import { serve } from "../local/apigateway/http/helpers/running";
import { authorizerUri, plannedRegion } from "../local/apigateway/rest/helpers/planned";
import { region, World } from "./events/world";
import type { Behavior, RestCase, RestGiven, RestRequest } from "./rest-cases";
import { callersOf, roleOf, signatureOf } from "./rest-signing";
import { type CaseAnswer, headerList, sendCase } from "./send";
import { startStore } from "./store";

/** What the backend got. */
interface Received {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly query: Readonly<Record<string, readonly string[]>>;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  readonly bytes: Buffer;
}

class Functions implements LocalCompute {
  readonly events: any[] = [];
  readonly authorizerEvents: any[] = [];

  constructor(private readonly given: RestGiven) {}

  invokeStreaming(): never {
    throw new Error("no case streams");
  }

  pickServer(): ServerChoice {
    return { kind: "none", via: "balancer" };
  }

  async invoke(uri: string, event: any): Promise<unknown> {
    const isAuthorizer = uri === authorizerUri;
    (isAuthorizer ? this.authorizerEvents : this.events).push(event);
    const { authorizerFunction, function: own } = this.given;
    const behavior: Behavior = (isAuthorizer ? authorizerFunction : own) ?? { answers: { statusCode: 200 } };
    if ("takesMilliseconds" in behavior) {
      await new Promise((resolve) => setTimeout(resolve, behavior.takesMilliseconds));
      throw new FunctionFailure("timeout", "f: Task timed out");
    }
    if ("fails" in behavior) {
      const { fails: errorMessage, errorType = "Error", ...more } = behavior;
      throw new FunctionFailure("error", `f: ${errorType}: ${errorMessage}`, { errorType, errorMessage, ...more });
    }
    const { answers } = behavior;
    if (answers === "(its event)") return event;
    return JSON.parse(JSON.stringify(answers).replaceAll("(method)", event?.methodArn ?? ""));
  }
}

/**
 * Runs a case against the gateway of REST APIs over HTTP and returns everything that can be seen of it: `status`,
 * `headers` (names in lower case), `headerLines`, `body` and `json` of the last answer, `statuses` of all, the `event` of
 * the function, the `authorizerEvent`, `functionCalls` and `authorizerCalls`, what the `backend` got, the line of the
 * access log, of a message in the queue `queueMessage` and `queueAttributes`, and `refused` with the reason when the plan cannot be run.
 */
export async function observeRest({ given = {}, request = {} }: RestCase): Promise<Record<string, unknown>> {
  if (given.gatewayResponseType) return { status: defaultStatus(given.gatewayResponseType) };
  const received: Received[] = [];
  const origin = await startBackend(given, received);
  const functions = new Functions(given);
  const lines: string[] = [];
  const world = given.queue === undefined ? undefined : await World.start();
  if (world !== undefined) world.messaging.queues.create(region, given.queue!);
  let gateway: RunningGateway;
  let model: RestRegion;
  try {
    model = await planOf(given, origin);
    gateway = await start(model, given, origin, functions, lines, world?.endpoint.url);
  } catch (error) {
    return { refused: (error as Error).message };
  }
  try {
    const answers: CaseAnswer[] = [];
    for (const each of [request].flat() as RestRequest[]) {
      const [host, ...named] = addressOf(each, model) ?? [`127.0.0.1:${gateway.port}`];
      const signature = await signatureOf(each, host!);
      const more = [...named, ...signature];
      answers.push(await sendCase(gateway.port, each, (body) => [...headerList(each, body, host!), ...more]));
    }
    await lineOf(given, lines);
    const [message] =
      world === undefined ? [] : await world.messaging.queues.named(region, given.queue!).receive({ most: 1 });
    const queued = message && { queueMessage: message.body, queueAttributes: message.attributes };
    return { ...observed(answers, functions, received, lines), ...queued };
  } finally {
    await gateway.stop();
    await world?.stop();
  }
}

function observed(
  answers: readonly CaseAnswer[],
  functions: Functions,
  received: readonly Received[],
  lines: string[],
) {
  const last = answers.at(-1)!;
  const [event] = functions.events;
  return {
    ...last,
    json: parsed(last.body),
    base64: last.bytes.toString("base64"),
    statuses: answers.map(({ status }) => status),
    event,
    requestContextKeys: event?.requestContext && Object.keys(event.requestContext).sort(),
    authorizerEvent: functions.authorizerEvents[0],
    functionCalls: functions.events.length,
    authorizerCalls: functions.authorizerEvents.length,
    backend: received[0],
    backendBase64: received[0]?.bytes.toString("base64"),
    line: lines[0],
    lineJson: parsed(lines[0] ?? ""),
  };
}

function backendOf({ backendWithoutTls }: RestGiven, origin: string): string {
  return backendWithoutTls ? origin.replace("http:", "https:") : origin;
}

async function planOf(given: RestGiven, origin: string): Promise<RestRegion> {
  const { apis, domain, endpoints, resources = {} } = given;
  const policy = given.policy?.replace("(caller)", roleOf(given));
  const api = { ...given, resources, ...(policy && { policy }) };
  const more = { ...(domain && { domain }), ...(endpoints && { endpoints }) };
  return (await plannedRegion({ apis: apis ?? { api }, backend: backendOf(given, origin), ...more })).model;
}

/** The Host header of a request through a VPC endpoint, and the further headers; the first endpoint of the plan is named first. */
function addressOf({ through }: RestRequest, { apis, endpoints, domains, region }: RestRegion): string[] | undefined {
  if (through === undefined) return undefined;
  const [api] = apis.keys();
  const { id, hosts } = endpoints[Number(through.endpoint.split("-")[1]) - 1]!;
  switch (through.by) {
    case "the endpoint's name":
      return [hosts[0]!, "x-apigw-api-id", api!];
    case "the API's name":
      return [`${api}.execute-api.${region}.amazonaws.com`];
    case "the name of both":
      return [`${api}-${id}.execute-api.${region}.amazonaws.com`];
    case "the domain":
      return [...domains.keys()];
  }
}

async function start(
  model: RestRegion,
  given: RestGiven,
  origin: string,
  compute: Functions,
  lines: string[],
  queues: string | undefined,
): Promise<RunningGateway> {
  const { services = [], items } = given;
  const backend = backendOf(given, origin);
  const store = items && (await startStore(items));
  return startRestGateway({
    region: model,
    usagePlans: new UsagePlans(model.plans, model.keys, systemClock),
    jwksUrl: () => "http://127.0.0.1:9/jwks.json",
    compute,
    port: 0,
    callers: callersOf(given),
    log: () => {},
    accessLog: (line) => lines.push(line),
    legacyOrigins: { [backend]: backend },
    services: {
      origin: (service) => {
        if (service === "dynamodb" && store) return store;
        if (service === "sqs" && queues !== undefined) return queues;
        return services.includes(service) ? origin : undefined;
      },
      keysOf: () => operatorKeys,
    },
  });
}

async function startBackend({ backend = {} }: RestGiven, received: Received[]): Promise<string> {
  const { status = 200, headers = [], body = "{}" } = backend;
  const { origin } = await serve((req, res) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk) => chunks.push(chunk));
    req.once("end", () => {
      const { pathname, searchParams } = new URL(req.url ?? "", "http://backend");
      const names = [...new Set(searchParams.keys())];
      const query = Object.fromEntries(names.map((name) => [name, searchParams.getAll(name)]));
      const bytes = Buffer.concat(chunks);
      const { method, headers: got } = req;
      received.push({ method, path: pathname, query, headers: got, body: bytes.toString(), bytes });
      res.writeHead(status, [...headers]).end(body);
    });
  });
  return origin;
}

/** The line is written when the response is closed, a moment after the client has it. */
async function lineOf({ stageArgs }: RestGiven, lines: readonly string[]): Promise<void> {
  for (let tries = 0; stageArgs?.accessLogSettings && lines.length === 0 && tries < 40; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
