import assert from "node:assert/strict";
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { account, allow, failing, limited, operator, region, startWorld, type WorldOptions } from "./world";

type World = Awaited<ReturnType<typeof startWorld>>;

describe("a local WebSocket API", () => {
  let world: World;
  const start = async (options: WorldOptions = {}): Promise<World> => {
    world = await startWorld(options);
    return world;
  };
  afterEach(() => world.stop());

  const client = (credentials: { accessKeyId: string; secretAccessKey: string } = operator, path = "") =>
    new ApiGatewayManagementApiClient({ endpoint: `${world.url}${path}`, region, credentials, maxAttempts: 1 });
  const failureOf = (work: Promise<unknown>) =>
    work.then(
      () => assert.fail("must be refused"),
      (error) => [error.name, error.$metadata.httpStatusCode] as const,
    );

  it("tells the function of a connection, its messages and its end, each with the same connection", async () => {
    const { open, events } = await start();
    const { ws, closed } = await open();
    ws.send("hello");
    await until(() => events.length === 2);
    ws.close(1000, "done");
    await closed;
    await until(() => events.length === 3);
    assert.deepEqual(
      events.map(({ requestContext: { routeKey, eventType } }) => [routeKey, eventType]),
      [
        ["$connect", "CONNECT"],
        ["$default", "MESSAGE"],
        ["$disconnect", "DISCONNECT"],
      ],
    );
    assert.equal(new Set(events.map(({ requestContext }) => requestContext.connectionId)).size, 1);
    assert.deepEqual([events[1].body, events[1].isBase64Encoded], ["hello", false]);
    const { disconnectStatusCode, disconnectReason } = events[2].requestContext;
    assert.deepEqual([disconnectStatusCode, disconnectReason], [1000, "done"]);
  });

  it("asks the authorizer with the header, and passes on what it says as texts", async () => {
    const asked: any[] = [];
    const decide = (event: any) => {
      asked.push(event);
      return allow(event);
    };
    const answer = () => ({ statusCode: 200, headers: { "Sec-WebSocket-Protocol": "changes.v1" } });
    const { open, events } = await start({ authorizer: true, decide, answer });
    const { ws } = await open(["changes.v1", "token.a"]);
    assert.equal(ws.protocol, "changes.v1");
    assert.match(asked[0].methodArn, /^arn:aws:execute-api:eu-west-1:123456789012:[a-z0-9]+\/live\/\$connect$/);
    assert.equal(asked[0].headers["Sec-WebSocket-Protocol"], "changes.v1,token.a");
    const { integrationLatency, ...context } = events[0].requestContext.authorizer;
    assert.deepEqual(context, { principalId: "ada", services: "food-store", expiresAt: "1800000000" });
    assert.equal(typeof integrationLatency, "number");
  });

  it("refuses a connection without the header without asking the function", async () => {
    const { open } = await start({ authorizer: true, decide: () => assert.fail("asked") });
    assert.equal((await open()).refused, 401);
  });

  for (const [name, decide, status] of [
    ["says Unauthorized", () => failing("Unauthorized"), 401],
    ["denies", (event: any) => allow(event, "Deny"), 403],
    ["fails", () => failing("boom"), 500],
    ["answers no policy", () => ({ principalId: "ada" }), 500],
  ] as const) {
    it(`answers ${status} when the authorizer ${name}, and the function is not told`, async () => {
      const { open, events } = await start({ authorizer: true, decide });
      assert.equal((await open(["changes.v1"])).refused, status);
      assert.deepEqual(events, []);
    });
  }

  it("answers 500 when the authorizer's function does not permit API Gateway", async () => {
    const { open } = await start({ authorizer: true, permitted: false });
    assert.equal((await open(["changes.v1"])).refused, 500);
  });

  it("posts to a connection, describes it and ends it, for the unmodified SDK", async () => {
    const { open, events } = await start();
    const { next, closed } = await open();
    const ConnectionId = events[0].requestContext.connectionId;
    await client().send(new PostToConnectionCommand({ ConnectionId, Data: "hello" }));
    assert.equal(await next(), "hello");
    const { Identity, ConnectedAt, LastActiveAt } = await client().send(new GetConnectionCommand({ ConnectionId }));
    assert.equal(Identity?.SourceIp, "127.0.0.1");
    assert.ok(LastActiveAt! >= ConnectedAt!);
    await client().send(new DeleteConnectionCommand({ ConnectionId }));
    assert.equal((await closed).code, 1001);
    const gone = await failureOf(client().send(new PostToConnectionCommand({ ConnectionId, Data: "late" })));
    assert.deepEqual(gone, ["GoneException", 410]);
  });

  it("posts to a connection whose id has a slash, as an id in base64 may", async () => {
    const { open, events } = await start();
    const idOf = () => String(events.at(-1).requestContext.connectionId);
    let { next } = await open();
    for (let i = 0; i < 500 && !idOf().includes("/"); i++) ({ next } = await open());
    assert.match(idOf(), /\//);
    await client().send(new PostToConnectionCommand({ ConnectionId: idOf(), Data: "hello" }));
    assert.equal(await next(), "hello");
  });

  it("lets a caller post whose policy allows it for POST, and not end with it", async () => {
    const Resource = `arn:aws:execute-api:${region}:${account}:*/live/POST/@connections/*`;
    const Statement = [{ Effect: "Allow", Action: "execute-api:ManageConnections", Resource }];
    const { open, events } = await start({ policy: { Version: "2012-10-17", Statement } });
    const { next } = await open();
    const ConnectionId = events[0].requestContext.connectionId;
    await client(limited).send(new PostToConnectionCommand({ ConnectionId, Data: "hello" }));
    assert.equal(await next(), "hello");
    const refused = await failureOf(client(limited).send(new DeleteConnectionCommand({ ConnectionId })));
    assert.deepEqual(refused, ["ForbiddenException", 403]);
  });

  it("refuses a call without a signature and one with a wrong secret", async () => {
    const { open, events } = await start();
    await open();
    const id = encodeURIComponent(events[0].requestContext.connectionId);
    const open403 = await fetch(`${world.url}/@connections/${id}`, { method: "POST", body: "hello" });
    assert.equal(open403.status, 403);
    const wrong = { accessKeyId: "local", secretAccessKey: "wrong" };
    const post = new PostToConnectionCommand({ ConnectionId: decodeURIComponent(id), Data: "hello" });
    assert.equal((await failureOf(client(wrong).send(post)))[1], 403);
  });

  it("takes a message of 128 KB in frames of 32 KB both ways, and ends a connection with a larger one", async () => {
    const { open, events } = await start();
    const { ws, next, closed } = await open();
    const ConnectionId = events[0].requestContext.connectionId;
    const whole = "x".repeat(131_072);
    for (let from = 0; from < whole.length; from += 32_768)
      ws.send(whole.slice(from, from + 32_768), { fin: from + 32_768 === whole.length });
    await until(() => events.length === 2);
    assert.equal(events[1].body.length, whole.length);
    await client().send(new PostToConnectionCommand({ ConnectionId, Data: whole }));
    assert.equal((await next()).length, whole.length);
    const post = new PostToConnectionCommand({ ConnectionId, Data: `${whole}x` });
    assert.deepEqual(await failureOf(client().send(post)), ["PayloadTooLargeException", 413]);
    for (let i = 0; i < 5; i++) ws.send("x".repeat(30_000), { fin: i === 4 });
    assert.equal((await closed).code, 1009);
    assert.equal(events.filter(({ requestContext }) => requestContext.eventType === "MESSAGE").length, 1);
  });

  it("ends a connection with a frame of more than 32 KB, whose message counts for nothing", async () => {
    const { open, events } = await start();
    const { ws, closed } = await open();
    ws.send("x".repeat(32_769));
    assert.equal((await closed).code, 1009);
    await until(() => events.length === 2);
    assert.deepEqual(
      events.map(({ requestContext }) => requestContext.eventType),
      ["CONNECT", "DISCONNECT"],
    );
  });

  it("ends a connection that is idle, and keeps one with messages until it is two hours old", async () => {
    // 600 s pass in 0.6 s, and two hours in 7.2 s.
    const { open } = await start({ timeScale: 1_000 });
    const [idle, busy] = await Promise.all([open(), open()]);
    const started = performance.now();
    const ping = setInterval(() => busy.ws.send("ping"), 200);
    assert.equal((await idle.closed).code, 1001);
    const idleFor = performance.now() - started;
    assert.ok(idleFor > 500 && idleFor < 3_000, `${idleFor} ms`);
    assert.equal((await busy.closed).code, 1001);
    clearInterval(ping);
    assert.ok(performance.now() - started > 7_000);
  });

  it("answers 429 to connections over the stage's limit", async () => {
    const limit = { throttlingRateLimit: 0.001, throttlingBurstLimit: 1 };
    const { open } = await start({ stage: { defaultRouteSettings: limit } });
    assert.equal((await open()).refused, undefined);
    assert.equal((await open()).refused, 429);
  });

  it("writes a line of the planned format for each event, without header, query or message", async () => {
    const { open, url, log, events } = await start();
    await open(["secret-token"]).catch(() => undefined);
    const { ws } = await open();
    ws.send("secret-message");
    await until(() => log.some((line) => line.includes("MESSAGE")));
    assert.ok(log.includes('{"event":"CONNECT","route":"$connect","status":"200"}'));
    assert.ok(!log.join().includes("secret"));
    assert.ok(events.length > 0 && url.length > 0);
  });

  it("answers 403 to what is no connection, to other paths and to other hosts", async () => {
    const { url } = await start();
    assert.equal((await fetch(`${url}/`)).status, 403);
    const { status } = await fetch(`${url}/@connections/`, { method: "POST" });
    assert.equal(status, 403);
  });
});

async function until(reached: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !reached(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(reached(), "must happen within 5 s");
}
