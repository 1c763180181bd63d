import * as apigatewayv2 from "@pulumi/aws/apigatewayv2";
import * as lambda from "@pulumi/aws/lambda";
import * as aws from "@pulumi/aws/provider";
import * as pulumi from "@pulumi/pulumi";
import WebSocket from "ws";
import { capture } from "../../../../graph/capture/capture";
import { GraphIndex } from "../../../../graph/model";
import { readInvokePermissions } from "../../../../local/apigateway/rest/permissions";
import { readWebSocketApi } from "../../../../local/apigateway/websocket/api-model";
import { startWebSocketGateway } from "../../../../local/apigateway/websocket/server";
import { operatorKeys, withOperator } from "../../../../local/iam/access";
import { readPolicy } from "../../../../local/iam/policy";
import { FunctionFailure, type LocalCompute } from "../../../../local/local-compute";
import { TimeScale } from "../../../../local/time-scale";

export const region = "eu-west-1";
export const account = "123456789012";
/** Credentials of a caller that may do what the world's policy says; the operator may do everything. */
export const limited = { accessKeyId: "LIMITED", secretAccessKey: "limited" };
export const operator = operatorKeys;

/** What a planned WebSocket API differs in. */
export interface WorldOptions {
  readonly routeKeys?: readonly string[];
  readonly selection?: string;
  /** Whether `$connect` has an authorizer, by the header Sec-WebSocket-Protocol. */
  readonly authorizer?: boolean;
  /** What the authorizer's function answers. @default it allows everything */
  readonly decide?: (event: any) => unknown;
  /** What the function of all routes answers. @default 200 */
  readonly answer?: (event: any) => unknown;
  readonly stage?: Partial<apigatewayv2.StageArgs>;
  /** Whether the functions let API Gateway invoke them. @default true */
  readonly permitted?: boolean;
  readonly timeScale?: number;
  /** Policy of the limited caller. @default none */
  readonly policy?: unknown;
}

const logFormat = '{"event":"$context.eventType","route":"$context.routeKey","status":"$context.status"}';
const uriOf = (name: string) =>
  `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/arn:aws:lambda:${region}:${account}:function:${name}:live/invocations`;

function program({ routeKeys = ["$connect", "$default", "$disconnect"], ...plan }: WorldOptions): void {
  const opts = { provider: new aws.Provider("p", { region }) };
  const routeSelectionExpression = plan.selection ?? "$request.body.action";
  const api = new apigatewayv2.Api("api", { protocolType: "WEBSOCKET", routeSelectionExpression }, opts);
  const apiId = api.id;
  const authorizer = new apigatewayv2.Authorizer(
    "connect",
    {
      apiId,
      authorizerType: "REQUEST",
      authorizerUri: uriOf("authorizer"),
      identitySources: ["route.request.header.Sec-WebSocket-Protocol"],
    },
    opts,
  );
  const integration = new apigatewayv2.Integration(
    "integration",
    { apiId, integrationType: "AWS_PROXY", integrationMethod: "POST", integrationUri: uriOf("handler") },
    opts,
  );
  const target = pulumi.interpolate`integrations/${integration.id}`;
  for (const routeKey of routeKeys) {
    const decided = routeKey === "$connect" && plan.authorizer;
    const authorization = decided ? { authorizationType: "CUSTOM", authorizerId: authorizer.id } : {};
    new apigatewayv2.Route(`route ${routeKey}`, { apiId, routeKey, target, ...authorization }, opts);
  }
  const deployment = new apigatewayv2.Deployment("deployment", { apiId }, opts);
  const accessLogSettings = { destinationArn: `arn:aws:logs:${region}:${account}:log-group:access`, format: logFormat };
  new apigatewayv2.Stage(
    "stage",
    { apiId, name: "live", deploymentId: deployment.id, accessLogSettings, ...plan.stage },
    opts,
  );
  for (const name of plan.permitted === false ? [] : ["authorizer", "handler"]) {
    new lambda.Permission(
      `permission ${name}`,
      {
        action: "lambda:InvokeFunction",
        function: `arn:aws:lambda:${region}:${account}:function:${name}`,
        qualifier: "live",
        principal: "apigateway.amazonaws.com",
        sourceArn: pulumi.interpolate`${api.executionArn}/*`,
      },
      opts,
    );
  }
}

/** A planned WebSocket API that runs, with functions that tests give. */
export async function startWorld(options: WorldOptions = {}) {
  const index = new GraphIndex(await capture(() => program(options)));
  const model = readWebSocketApi(index, region);
  const events: any[] = [];
  const log: string[] = [];
  const invoke = async (uri: string, event: any) => {
    if (uri.includes(":authorizer:")) return (options.decide ?? allow)(event);
    events.push(event);
    return (options.answer ?? (() => ({ statusCode: 200 })))(event);
  };
  const identity = options.policy === undefined ? [] : [readPolicy(options.policy, "identity")];
  const caller = { kind: "user" as const, arn: `arn:aws:iam::${account}:user/limited`, account };
  const gateway = await startWebSocketGateway({
    model,
    compute: { invoke } as unknown as LocalCompute,
    mayInvoke: readInvokePermissions(index),
    callers: withOperator((id) => (id === limited.accessKeyId ? { ...limited, caller, identity } : undefined), account),
    time: new TimeScale(options.timeScale ?? 1),
    log: (line) => log.push(line),
    accessLog: (line) => log.push(line),
  });
  return { ...gateway, model, events, log, open: (protocols?: readonly string[]) => open(gateway.url, protocols) };
}

/** What an authorizer answers that lets everyone connect. */
export function allow(event: { readonly methodArn: string }, Effect: "Allow" | "Deny" = "Allow") {
  return {
    principalId: "ada",
    policyDocument: {
      Version: "2012-10-17",
      Statement: [{ Action: "execute-api:Invoke", Effect, Resource: event.methodArn }],
    },
    context: { services: "food-store", expiresAt: 1_800_000_000 },
  };
}

/** A function that fails as one that throws does. */
export function failing(errorMessage: string): never {
  throw new FunctionFailure("error", errorMessage, { errorType: "Error", errorMessage });
}

/** A client of a connection: the messages that came, and how it ended. */
export interface Client {
  readonly ws: WebSocket;
  /** Status of an upgrade that was refused. */
  readonly refused?: number;
  readonly messages: string[];
  /** Returns the next message that has not been read. */
  next(): Promise<string>;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

/** Opens a connection, or is refused. */
export async function open(url: string, protocols: readonly string[] = []): Promise<Client> {
  const ws = new WebSocket(url.replace(/^http/, "ws"), [...protocols]);
  const messages: string[] = [];
  const waiting: ((text: string) => void)[] = [];
  ws.on("message", (data) => {
    const next = waiting.shift();
    if (next) next(String(data));
    else messages.push(String(data));
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    ws.once("close", (code, reason) => resolve({ code, reason: String(reason) })),
  );
  const next = () =>
    messages.length > 0 ? Promise.resolve(messages.shift()!) : new Promise<string>((resolve) => waiting.push(resolve));
  const refused = await new Promise<number | undefined>((resolve, reject) => {
    ws.once("open", () => resolve(undefined));
    ws.once("unexpected-response", (_, { statusCode }) => resolve(statusCode));
    ws.once("error", reject);
  });
  if (refused !== undefined) ws.on("error", () => {}).terminate();
  return { ws, messages, next, closed, ...(refused === undefined ? {} : { refused }) };
}
