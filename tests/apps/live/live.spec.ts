import assert from "node:assert/strict";
import { createConnectAuthorizer, parseReaders } from "../../../apps/live/authorize";
import { createCloser } from "../../../apps/live/close";
import type { Connection } from "../../../apps/live/connection-table";
import { delayOf, type Ending } from "../../../apps/live/endings";
import { createRegistrar } from "../../../apps/live/register";
import { createSender, textOf } from "../../../apps/live/send";

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const token = `${part({ alg: "RS256", kid: "k" })}.${part({ iss: "i", sub: "ada", exp: 2_000, iat: 1_000 })}.c2ln`;
const methodArn = "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3/live/$connect";
const batch = (...bodies: object[]) => batchOf(1, ...bodies);
/** A batch whose messages are handed over for that time. */
const batchOf = (times: number, ...bodies: object[]) => ({
  Records: bodies.map((body, i) => ({
    attributes: { ApproximateReceiveCount: String(times) },
    ...{ messageId: `m${i}`, body: JSON.stringify(body), eventSource: "aws:sqs" as const },
    eventSourceARN: "arn:aws:sqs:eu-west-1:123456789012:queue",
  })),
});

describe("the authorizer of live changes", () => {
  const lines: string[] = [];
  const write = (message: string, fields?: object) => void lines.push(JSON.stringify([message, fields]));
  const log = { debug: write, info: write, warn: write, error: write };
  const authorizer = (scopes: readonly string[], readers: Record<string, string[]> = { "food-store": [] }) =>
    createConnectAuthorizer({
      verify: async (text) =>
        text.startsWith(token) ? { sub: "ada", scopes, tenant: undefined, tier: undefined } : undefined,
      readers: new Map(Object.entries(readers)),
      log,
    });
  const headers = (value: string) => ({ methodArn, headers: { "Sec-WebSocket-Protocol": value } });

  it("lets a valid token see what it may read, until it ends", async () => {
    const readers = { "food-store": [], "pet-store": ["pet-store/read", "pet-store/all"], shipping: ["shipping/read"] };
    const answer = await authorizer(["pet-store/all"], readers)(headers(`changes.v1, token.${token}`));
    assert.deepEqual(answer.context, { services: "food-store,pet-store", expiresAt: 2_000 });
    assert.deepEqual(answer.policyDocument.Statement, [
      { Action: "execute-api:Invoke", Effect: "Allow", Resource: methodArn },
    ]);
  });

  it("denies a token that may read the items of no service", async () => {
    const answer = await authorizer([], { shipping: ["shipping/read"] })(headers(`changes.v1,token.${token}`));
    assert.equal(answer.policyDocument.Statement[0]!.Effect, "Deny");
    assert.equal(answer.context, undefined);
  });

  for (const [name, value] of [
    ["no token", "changes.v1"],
    ["no protocol that the server answers", `token.${token}`],
    ["two tokens", `changes.v1, token.${token}, token.${token}`],
    ["a token that is not valid", "changes.v1, token.a.b.c"],
    ["a token over 8,192 characters", `changes.v1, token.${token.padEnd(8_193, "A")}`],
  ] as const) {
    it(`refuses ${name}, and no line has it`, async () => {
      await assert.rejects(authorizer([])(headers(value)), new Error("Unauthorized"));
      assert.ok(!lines.join().includes(token));
    });
  }

  it("refuses two headers of protocols, of which it could read the wrong one", async () => {
    const value = `changes.v1, token.${token}`;
    const both = { methodArn, headers: { "Sec-WebSocket-Protocol": value, "sec-websocket-protocol": "changes.v1" } };
    await assert.rejects(authorizer([])(both), new Error("Unauthorized"));
  });

  it("refuses with an error that is one line in a log", async () => {
    const error: Error = await authorizer([])(headers("changes.v1")).then(
      () => assert.fail("it must refuse"),
      (thrown) => thrown,
    );
    assert.equal(error.stack, "Error: Unauthorized");
  });

  it("refuses everything while the keys cannot be read, and says so without the token", async () => {
    const verify = () => Promise.reject(new Error(`no keys for ${token}`));
    const failing = createConnectAuthorizer({ verify, readers: new Map(), log });
    await assert.rejects(failing(headers(`changes.v1, token.${token}`)), new Error("Unauthorized"));
    assert.ok(lines.at(-1)!.includes("the authorizer failed"));
    assert.ok(!lines.join().includes(token));
  });

  it("names the variable that is missing or invalid", () => {
    for (const text of [undefined, "[1]x", '{"a":"b"}'])
      assert.throws(() => parseReaders(text), /READERS must be a JSON/);
    assert.deepEqual([...parseReaders('{"a":["a/read"]}')], [["a", ["a/read"]]]);
  });
});

describe("the registrar of live changes", () => {
  const calls: unknown[] = [];
  const registrar = (sendEnding: (ending: Ending) => Promise<void> = async (ending) => void calls.push(ending)) =>
    createRegistrar({
      table: { put: async (each) => void calls.push(each), remove: async (id) => void calls.push(id) },
      sendEnding,
      now: () => 1_000,
    });
  const connect = (expiresAt: number | string, services = "food-store") => ({
    requestContext: { eventType: "CONNECT" as const, connectionId: "c", authorizer: { services, expiresAt } },
  });
  beforeEach(() => calls.splice(0));

  it("orders the end of a connection and then stores it, and answers the protocol", async () => {
    const answer = await registrar()(connect("1900"));
    assert.deepEqual(answer, { statusCode: 200, headers: { "Sec-WebSocket-Protocol": "changes.v1" } });
    assert.deepEqual(calls, [
      { id: "c", endsAt: 1_900 },
      { id: "c", services: ["food-store"], storedAt: 1_000, expiresAt: 1_900 },
    ]);
  });

  it("ends a connection after two hours at most, as API Gateway does", async () => {
    await registrar()(connect(100_000));
    assert.deepEqual(calls[0], { id: "c", endsAt: 8_200 });
  });

  it("opens none whose end cannot be ordered, that has ended, or that shows nothing", async () => {
    await assert.rejects(registrar(() => Promise.reject(new Error("no queue")))(connect(1_900)), /no queue/);
    for (const event of [connect(1_000), connect("soon"), connect(1_900, "")])
      assert.deepEqual(await registrar()(event), { statusCode: 403 });
    assert.deepEqual(calls, []);
  });

  it("removes one that ends, and does nothing with a message", async () => {
    const told = (eventType: "MESSAGE" | "DISCONNECT") =>
      registrar()({ requestContext: { eventType, connectionId: "c" } });
    assert.deepEqual([await told("MESSAGE"), await told("DISCONNECT")], [{ statusCode: 200 }, { statusCode: 200 }]);
    assert.deepEqual(calls, ["c"]);
  });
});

describe("the sender of live changes", () => {
  const connection = (id: string, services: string[], expiresAt = 2_000, storedAt = 900): Connection => ({
    ...{ id, services, storedAt, expiresAt },
  });
  const world = (
    all: readonly Connection[],
    post: (id: string) => Promise<boolean> = async () => true,
    end: (id: string) => Promise<boolean> = async () => true,
  ) => {
    const seen = {
      ...{ posts: [] as string[], removed: [] as string[], ended: [] as string[], reads: 0, failures: [] as unknown[] },
    };
    const send = createSender({
      table: {
        all: async () => {
          seen.reads += 1;
          return all;
        },
        remove: async (id) => void seen.removed.push(id),
      },
      connected: {
        post: (id, text) => {
          seen.posts.push(`${id} ${JSON.parse(text).id}`);
          return post(id);
        },
        end: (id) => {
          seen.ended.push(id);
          return end(id);
        },
      },
      onFailure: (error) => seen.failures.push(error),
      now: () => 1_000,
    });
    return { ...seen, send, seen };
  };
  const change = (id: string, service = "food-store") => ({ id, service, kind: "changed", item: { id } });

  it("posts a change to the connections that show the service and have not ended, reading the table once", async () => {
    const all = [
      connection("a", ["food-store"]),
      connection("b", ["pet-store"]),
      connection("c", ["food-store"], 1_000),
    ];
    const { send, seen } = world(all);
    assert.deepEqual(await send(batch(change("1"), change("2"), change("3", "pet-store"))), { batchItemFailures: [] });
    assert.deepEqual(seen.posts, ["a 1", "a 2", "b 3"]);
    assert.equal(seen.reads, 1);
  });

  it("reads the table again for the next change when it could not be read", async () => {
    let reads = 0;
    const posts: string[] = [];
    const send = createSender({
      table: {
        all: async () => {
          reads += 1;
          if (reads === 1) throw new Error("no table");
          return [connection("a", ["food-store"])];
        },
        remove: () => assert.fail("none is gone"),
      },
      connected: {
        post: async (_, text) => posts.push(JSON.parse(text).id) > 0,
        end: () => assert.fail("none is ended"),
      },
      onFailure: () => undefined,
      now: () => 1_000,
    });
    const left = [{ itemIdentifier: "m0" }];
    assert.deepEqual(await send(batch(change("1"), change("2"))), { batchItemFailures: left });
    assert.deepEqual([reads, posts], [2, ["2"]]);
  });

  it("removes a connection that is gone, and posts to it no more", async () => {
    const { send, seen } = world([connection("a", ["food-store"])], async () => false);
    assert.deepEqual(await send(batch(change("1"), change("2"))), { batchItemFailures: [] });
    assert.deepEqual([seen.posts, seen.removed], [["a 1"], ["a"]]);
  });

  it("keeps a connection that is not open yet, to which API Gateway answers 410 as to one that is gone", async () => {
    const { send, seen } = world([connection("a", ["food-store"], 2_000, 971)], async () => false);
    assert.deepEqual(await send(batch(change("1"), change("2"))), { batchItemFailures: [] });
    assert.deepEqual([seen.posts, seen.removed, seen.failures], [["a 1", "a 2"], [], []]);
    const older = world([connection("a", ["food-store"], 2_000, 970)], async () => false);
    await older.send(batch(change("1")));
    assert.deepEqual(older.seen.removed, ["a"]);
  });

  it("leaves a change in the queue that one connection did not take, after all others got it", async () => {
    const all = ["a", "b", "c"].map((id) => connection(id, ["food-store"]));
    const { send, seen } = world(all, async (id) => (id === "a" ? Promise.reject(new Error("429")) : true));
    assert.deepEqual(await send(batch(change("1"))), { batchItemFailures: [{ itemIdentifier: "m0" }] });
    assert.deepEqual(seen.posts, ["a 1", "b 1", "c 1"]);
    assert.equal(seen.failures.length, 1);
  });

  const refusing = async (id: string) => (id === "a" ? Promise.reject(new Error("500")) : true);
  const three = ["a", "b", "c"].map((id) => connection(id, ["food-store"]));

  it("posts the other changes of a batch to the others alone, so that one connection does not take their time", async () => {
    const { send, seen } = world(three, refusing);
    const left = [{ itemIdentifier: "m0" }, { itemIdentifier: "m1" }];
    assert.deepEqual(await send(batchOf(2, change("1"), change("2"))), { batchItemFailures: left });
    assert.deepEqual(seen.posts, ["a 1", "b 1", "c 1", "b 2", "c 2"]);
    assert.deepEqual([seen.ended, seen.removed], [[], []]);
  });

  it("ends a connection that did not take a change the third time, and the change is done", async () => {
    const { send, seen } = world(three, refusing);
    assert.deepEqual(await send(batchOf(3, change("1"), change("2"))), { batchItemFailures: [] });
    assert.deepEqual(seen.posts, ["a 1", "b 1", "c 1", "b 2", "c 2"]);
    assert.deepEqual([seen.ended, seen.removed, seen.failures.length], [["a"], ["a"], 1]);
  });

  it("leaves the change in the queue while API Gateway takes neither posts nor ends", async () => {
    const refused = () => Promise.reject(new Error("503"));
    const { send, seen } = world(three, refused, refused);
    assert.deepEqual(await send(batchOf(9, change("1"))), { batchItemFailures: [{ itemIdentifier: "m0" }] });
    assert.deepEqual(seen.removed, []);
  });

  it("leaves out the item before, and one that is larger than a frame", () => {
    const small = { ...change("1"), previous: { id: "1" } };
    assert.deepEqual(JSON.parse(textOf(small)), change("1"));
    const text = textOf({ ...small, item: { id: "1", text: "x".repeat(33_000) } });
    const left = { id: "1", service: "food-store", kind: "changed", itemLeftOut: true };
    assert.deepEqual(JSON.parse(text), left);
    // A frame is counted in bytes, and this letter is two.
    assert.deepEqual(JSON.parse(textOf({ ...small, item: { id: "1", text: "ä".repeat(17_000) } })), left);
  });
});

describe("the closer of live changes", () => {
  it("ends a connection at its time, and orders the end of one whose time has not come", async () => {
    const calls: unknown[] = [];
    const close = createCloser({
      table: { remove: async (id) => void calls.push(`remove ${id}`) },
      connected: { end: async (id) => calls.push(`end ${id}`) === 0 },
      sendEnding: async (ending) => void calls.push(ending),
      onFailure: () => assert.fail("a message failed"),
      now: () => 1_000,
    });
    await close(batch({ id: "a", endsAt: 1_000 }, { id: "b", endsAt: 1_001 }));
    assert.deepEqual(calls, ["end a", "remove a", { id: "b", endsAt: 1_001 }]);
  });

  it("waits eight minutes at most, less than the age at which the queue's alarm goes off", () => {
    const delays = [900, 1_000.5, 1_480, 9_999].map((endsAt) => delayOf({ id: "a", endsAt }, 1_000));
    assert.deepEqual(delays, [0, 1, 480, 480]);
  });
});
