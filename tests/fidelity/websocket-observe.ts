import assert from "node:assert/strict";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { operatorKeys } from "../../local/iam/access";
import { signedHeaders } from "../../local/iam/sigv4/signed-headers";
import { allow, type Client, failing, region, startWorld } from "../local/apigateway/websocket/world";
import { headerList, sendCase } from "./send";
import type { WebSocketCase, WebSocketGiven, WebSocketStep } from "./websocket-cases";

type World = Awaited<ReturnType<typeof startWorld>>;

/**
 * Opens a connection of a case with a real client, does its steps, and returns:
 * - `upgrade`: status of the request for the connection, and the `protocol` that it was answered
 * - `events`: what the function got, in order; `eventTypes`, `routes` of the messages, `connectedAt` how many different
 *   ones
 * - `connectKeys`: names in the event of `$connect`, and `contextKeys` those of its `requestContext`, each sorted
 * - `frames` that the client got, the last one as `frame`, and `closed`: whether, and with which code, the connection has
 *   ended
 * - `answer` of the last call of the @connections API: its status, the exception's name as `code`, and `keys` of its
 *   body, sorted
 */
export async function observeWebSocket({ given = {}, steps = [] }: WebSocketCase): Promise<Record<string, unknown>> {
  const world = await start(given);
  try {
    const client = await world.open(given.protocols);
    if (client.refused !== undefined) return { upgrade: client.refused };
    let ended: { readonly code: number } | undefined;
    void client.closed.then((end) => {
      ended = end;
    });
    let answer: unknown;
    for (const step of steps) answer = (await take(world, client, step, given.timeScale)) ?? answer;
    if (client.ws.readyState === client.ws.OPEN) await pong(client);
    return { ...seenOf(world, client, ended), answer };
  } finally {
    await world.stop();
  }
}

function start(given: WebSocketGiven): Promise<World> {
  const { routes, routeSelectionExpression, authorizer, connect, messages = [], timeScale } = given;
  const answers = [...messages];
  return startWorld({
    ...(routes && { routeKeys: routes }),
    ...(routeSelectionExpression && { selection: routeSelectionExpression }),
    ...(authorizer && {
      authorizer: true,
      decide: (event: any) => allow(event, authorizer === "deny" ? "Deny" : "Allow"),
    }),
    ...(timeScale && { timeScale }),
    answer: ({ requestContext: { eventType } }) => {
      if (eventType === "CONNECT" && connect === "throws") return failing("boom");
      const own = eventType === "CONNECT" ? connect : eventType === "MESSAGE" ? answers.shift() : undefined;
      return own ?? { statusCode: 200 };
    },
  });
}

async function take(world: World, client: Client, step: WebSocketStep, timeScale = 1) {
  const { send, sendBytes, call, close, ends } = step;
  if (send !== undefined) {
    const before = linesOf(world, "MESSAGE");
    client.ws.send(send);
    await until(() => linesOf(world, "MESSAGE") > before);
  }
  if (sendBytes !== undefined) client.ws.send("x".repeat(sendBytes));
  if (close) client.ws.close(1000);
  if (close || ends !== undefined) {
    const ended = Promise.race([client.closed, sleep(((ends ?? 1) * 60_000) / timeScale, undefined, { ref: false })]);
    // The gateway tells the function when the connection has ended.
    if ((await ended) && world.model.routes.has("$disconnect")) await until(() => linesOf(world, "DISCONNECT") === 1);
  }
  return call && manage(world, call);
}

/** Calls the @connections API at the API's own endpoint, in whose path the stage is. */
async function manage(world: World, { method, body, bytes }: NonNullable<WebSocketStep["call"]>) {
  const id = encodeURIComponent(world.events[0].requestContext.connectionId);
  const path = `/live/@connections/${id}`;
  const data = Buffer.from(body ?? "x".repeat(bytes ?? 0));
  const host = world.model.endpointHost;
  const headers = signedHeaders({ method, url: path, headers: { host }, body: data }, operatorKeys, {
    region,
    service: "execute-api",
  });
  const request = { method, path, headers, body: data.toString() };
  const answer = await sendCase(world.port, request, (sent) => headerList(request, sent, host));
  const text = answer.body;
  const code = answer.headers["x-amzn-errortype"];
  const parsed = text === "" ? {} : JSON.parse(text);
  return { status: answer.status, ...(code === undefined ? {} : { code }), keys: Object.keys(parsed).sort() };
}

function seenOf({ events }: World, { ws, messages }: Client, ended: { readonly code: number } | undefined) {
  const contexts: any[] = events.map(({ requestContext }) => requestContext);
  const messageContexts = contexts.filter(({ eventType }) => eventType === "MESSAGE");
  const [connect = { requestContext: {} }] = events;
  return {
    upgrade: 101,
    protocol: ws.protocol,
    eventTypes: contexts.map(({ eventType }) => eventType),
    routes: messageContexts.map(({ routeKey }) => routeKey),
    connectedAt: {
      different: new Set(contexts.map(({ connectedAt }) => connectedAt)).size,
      types: [...new Set(contexts.map(({ connectedAt }) => typeof connectedAt))],
      age: Math.floor((Date.now() - contexts[0]?.connectedAt) / 60_000),
    },
    connectKeys: Object.keys(connect).sort(),
    contextKeys: Object.keys(connect.requestContext).sort(),
    context: connect.requestContext,
    frames: messages,
    frameCount: messages.length,
    frame: messages.at(-1),
    closed: ended ?? false,
  };
}

/** A frame that the gateway has sent before its answer to a ping has arrived before it. */
async function pong({ ws }: Client): Promise<void> {
  const answered = once(ws, "pong");
  ws.ping();
  await answered;
}

/** How many events of a kind the access log has: a line is written when an event is dealt with, its frame sent. */
function linesOf({ log }: World, eventType: string): number {
  return log.filter((line) => line.includes(`"event":"${eventType}"`)).length;
}

async function until(reached: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !reached(); i++) await sleep(10);
  assert.ok(reached(), "must happen within 5 s");
}
