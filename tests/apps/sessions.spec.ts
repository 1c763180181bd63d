import assert from "node:assert/strict";
import { DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { type App, serviceApp } from "../../apps/kit/app";
import { defineService, writeThrottle } from "../../apps/kit/contract";
import { type KeyTable, keyTable } from "../../apps/kit/key-table";
import { createLogger } from "../../apps/kit/log";
import { sessionStore, withSessions } from "../../apps/kit/session-store";
import { assertRefused } from "./helpers/answers";
import { dynamoClient, type Storage, startDynamo, startFakeDynamo } from "./helpers/dynamo";

/** Which no pad may have. */
const refused = "refused";
const data = z.strictObject({ notes: z.array(z.string().refine((note) => note !== refused)) });
const pad = { data, first: { notes: [] }, idleSeconds: 600, maxSeconds: 3_600 };
const about = { name: "shop", title: "Shop", port: 8090, table: { hashKey: "id", indexes: [] } };
const ofPad = { access: "write", throttle: writeThrottle, summary: "A pad of notes", session: { of: pad } } as const;
const shop = defineService({
  ...about,
  routes: {
    "start-pad": {
      ...ofPad,
      method: "POST",
      path: "/shop/pad",
      session: { of: pad, starts: true },
      answer: data.extend({ sessionId: z.string(), endsAt: z.string() }),
    },
    "get-pad": { ...ofPad, method: "GET", path: "/shop/pad", answer: data },
    "put-note": {
      ...ofPad,
      method: "PUT",
      path: "/shop/pad/note",
      body: z.strictObject({ text: z.string() }),
      answer: data,
    },
    "end-pad": { ...ofPad, method: "DELETE", path: "/shop/pad", answer: data },
  },
});

const start = Date.UTC(2026, 5, 1, 12);

describe("a session", () => {
  let storage: Storage;
  let table: KeyTable;
  let app: App;
  let now = start;
  const lines: string[] = [];
  const log = createLogger({ service: "shop", write: (line) => lines.push(line) });

  /** A server of its own over the same table, as another task or region is. */
  const serverOver = (over: KeyTable, service = shop): App =>
    serviceApp(
      service,
      { items: {} as never, log, sessions: sessionStore({ service: "shop", table: over, log, now: () => now }) },
      {
        "start-pad": async ({ session }) => ({ sessionId: session.id, endsAt: session.endsAt, ...session.data }),
        "get-pad": async ({ session }) => session.data,
        "put-note": ({ session, body }) => session.change(({ notes }) => ({ notes: [...notes, body.text] })),
        "end-pad": async ({ session }) => {
          await session.end();
          return session.data;
        },
      },
    );
  const ask = async (method: string, id: string | undefined, { subject = "ada", text = "", to = app } = {}) =>
    to.request(`/shop/pad${method === "PUT" ? "/note" : ""}`, {
      method,
      headers: {
        "content-type": "application/json",
        ...(subject === "" ? {} : { "x-subject": subject }),
        ...(id === undefined ? {} : { "session-id": id }),
      },
      ...(method === "PUT" && { body: JSON.stringify({ text }) }),
    });
  const started = async (subject = "ada"): Promise<string> =>
    ((await (await ask("POST", undefined, { subject })).json()) as { sessionId: string }).sessionId;
  const notes = async (id: string, to = app) =>
    ((await (await ask("GET", id, { to })).json()) as z.output<typeof data>).notes;

  before(async () => {
    storage = await startDynamo("pads", { hashKey: "id", indexes: [] });
    const client = DynamoDBDocumentClient.from(dynamoClient(storage));
    table = keyTable({ table: "pads", client, now: () => now });
    app = serverOver(table);
  });
  after(() => storage.close());
  beforeEach(() => {
    now = start;
    lines.length = 0;
  });

  it("keeps what requests put into it, whichever server answers them", async () => {
    const answer = await ask("POST", undefined);
    const { sessionId: id, endsAt, ...first } = (await answer.json()) as any;
    assert.deepEqual([answer.status, first, endsAt], [200, { notes: [] }, "2026-06-01T13:00:00.000Z"]);
    for (const text of ["a", "b"]) assert.equal((await ask("PUT", id, { text, to: serverOver(table) })).status, 200);
    assert.deepEqual(await notes(id, serverOver(table)), ["a", "b"]);
  });

  it("has an id of 256 random bits, which only the answer to its start has", async () => {
    const ids = await Promise.all(Array.from({ length: 50 }, () => started("carol")));
    assert.equal(new Set(ids).size, 50);
    for (const id of ids) assert.equal(Buffer.from(id, "base64url").length, 32);
    const client = DynamoDBDocumentClient.from(dynamoClient(storage));
    const stored = JSON.stringify((await client.send(new ScanCommand({ TableName: "pads" }))).Items);
    assert.ok(stored.length > 1_000);
    for (const id of ids) {
      assert.ok(!stored.includes(id), "the table has an id");
      assert.ok(!lines.join("").includes(id), "the log has an id");
    }
    assert.ok(!stored.includes("carol"));
  });

  it("of another caller does not exist, with the same answer as one that nothing ever started", async () => {
    const id = await started("ada");
    const unknown = "A".repeat(43);
    for (const method of ["GET", "PUT", "DELETE"]) {
      const answers = await Promise.all(
        [ask(method, id, { subject: "bob" }), ask(method, id, { subject: "partner|ada" }), ask(method, unknown)].map(
          async (answer) => [(await answer).status, await (await answer).text()],
        ),
      );
      assert.deepEqual(answers[0], [
        404,
        '{"code":"session_not_found","message":"There is no such session, or it is over; start a new one"}',
      ]);
      assert.deepEqual(answers, [answers[0], answers[0], answers[0]]);
    }
    assert.deepEqual(await notes(id), []);
  });

  it("is not started under an id that a client chooses", async () => {
    const chosen = "B".repeat(43);
    const answer = (await (await ask("POST", chosen)).json()) as { sessionId: string };
    assert.notEqual(answer.sessionId, chosen);
    await assertRefused(await ask("PUT", chosen, { text: "a" }), 404, "session_not_found");
    await assertRefused(await ask("GET", chosen), 404, "session_not_found");
  });

  it("needs an id of its form, and a caller whom the gateway has verified", async () => {
    await assertRefused(await ask("GET", undefined), 400, "session_missing");
    for (const id of ["", "a", "a".repeat(42), "a".repeat(44), `${"a".repeat(42)}.`, `${"a".repeat(43)}, x`]) {
      await assertRefused(await ask("GET", id), 400, "session_invalid");
    }
    for (const method of ["POST", "GET"]) {
      await assertRefused(await ask(method, "a".repeat(43), { subject: "" }), 400, "subject_missing");
    }
  });

  it("loses no change of 12 that come at the same moment to two servers", async () => {
    const id = await started();
    const other = serverOver(table);
    const texts = Array.from({ length: 12 }, (_, i) => `note ${i}`);
    const answers = await Promise.all(texts.map((text, i) => ask("PUT", id, { text, to: i % 2 === 0 ? app : other })));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    assert.deepEqual((await notes(id)).sort(), texts.sort());
  });

  it("makes a change once whose answer is lost and which the SDK sends again", async () => {
    const id = await started();
    const forgetful: KeyTable = {
      ...table,
      put: async (...given) => {
        await table.put(...given);
        return table.put(...given);
      },
    };
    assert.equal((await ask("PUT", id, { text: "once", to: serverOver(forgetful) })).status, 200);
    assert.deepEqual(await notes(id), ["once"]);
  });

  it("gives up a change that 20 others overtake", async () => {
    const id = await started();
    let overtaken = 0;
    const slow: KeyTable = {
      ...table,
      put: async (...given) => {
        overtaken += 1;
        assert.equal((await ask("PUT", id, { text: "x" })).status, 200);
        return table.put(...given);
      },
    };
    const answer = await ask("PUT", id, { text: "never", to: serverOver(slow) });
    assert.equal(answer.headers.get("retry-after"), "1");
    await assertRefused(answer, 409, "session_busy");
    assert.equal(overtaken, 20);
    assert.ok(!(await notes(id)).includes("never"));
  });

  it("is over when it is not used for its idle time, though DynamoDB still has it, and goes on while it is used", async () => {
    const id = await started();
    for (let turn = 0; turn < 5; turn += 1) {
      now += 600_000;
      assert.equal((await ask("GET", id)).status, 200);
    }
    // A minute longer at most, as use is written down once a minute.
    now += 659_999;
    if (now < start + 3_600_000) assert.equal((await ask("GET", id)).status, 200);
    const idle = await started();
    now += 659_999;
    assert.equal((await ask("GET", idle)).status, 200);
    now += 660_000;
    await assertRefused(await ask("GET", idle), 404, "session_not_found");
    await assertRefused(await ask("PUT", idle, { text: "a" }), 404, "session_not_found");
  });

  it("is over when its longest time has passed, however much it is used", async () => {
    const id = await started();
    while (now < start + 3_500_000) {
      now += 100_000;
      assert.equal((await ask("PUT", id, { text: "x" })).status, 200);
    }
    now = start + 3_599_999;
    assert.equal((await ask("GET", id)).status, 200);
    now = start + 3_600_000;
    await assertRefused(await ask("GET", id), 404, "session_not_found");
  });

  it("is over sooner when a new version of the service has shorter times", async () => {
    const id = await started();
    now += 120_000;
    const { definitions } = shop;
    const shorter = { ...pad, idleSeconds: 60 };
    const routes = Object.entries(definitions).map(([name, route]: [string, any]) => [
      name,
      route.session === undefined ? route : { ...route, session: { ...route.session, of: shorter } },
    ]);
    const to = serverOver(table, { ...shop, definitions: Object.fromEntries(routes) });
    await assertRefused(await ask("GET", id, { to }), 404, "session_not_found");
  });

  it("is over when a new version of the service cannot read its data", async () => {
    const id = await started();
    const { "start-pad": _, ...definitions } = shop.definitions;
    const other = { ...pad, data: z.strictObject({ words: z.string() }) as never };
    const get = { ...definitions["get-pad"], session: { of: other } };
    const to = serverOver(table, { ...shop, definitions: { ...shop.definitions, "get-pad": get } });
    await assertRefused(await ask("GET", id, { to }), 404, "session_not_found");
    assert.match(lines.join(""), /a session is over, as its data are not those of this version/);
    assert.deepEqual(await notes(id), []);
  });

  it("is over when it was ended, for a change that began earlier too, and ends twice without harm", async () => {
    const id = await started();
    const slow: KeyTable = {
      ...table,
      put: async (...given) => {
        assert.ok([200, 404].includes((await ask("DELETE", id)).status));
        return table.put(...given);
      },
    };
    await assertRefused(await ask("PUT", id, { text: "late", to: serverOver(slow) }), 404, "session_not_found");
    await assertRefused(await ask("GET", id), 404, "session_not_found");
    await assertRefused(await ask("DELETE", id), 404, "session_not_found");
    const twice = await started();
    assert.equal((await ask("DELETE", twice, { to: serverOver({ ...table, put: slow.put }) })).status, 200);
  });

  it("takes 16 KB of data and no more, and keeps what it had", async () => {
    const id = await started();
    const free = 16_384 - '{"notes":[""]}'.length;
    assert.equal((await ask("PUT", id, { text: "ä".repeat(free / 2) })).status, 200);
    const kept = await notes(id);
    await assertRefused(await ask("PUT", id, { text: "a" }), 413, "session_too_large");
    assert.deepEqual(await notes(id), kept);
  });

  it("keeps what it had when a change makes what its schema refuses, which would end it", async () => {
    const id = await started();
    assert.equal((await ask("PUT", id, { text: "a" })).status, 200);
    assert.equal((await ask("PUT", id, { text: refused })).status, 500);
    assert.deepEqual(await notes(id), ["a"]);
  });

  it("is read although its use cannot be written down", async () => {
    const id = await started();
    now += 61_000;
    const readOnly: KeyTable = { ...table, put: () => Promise.reject(new Error("no writes")) };
    assert.equal((await ask("GET", id, { to: serverOver(readOnly) })).status, 200);
    assert.match(lines.join(""), /a session was not renewed/);
  });

  it("cannot be read or started while its table does not answer", async () => {
    const broken = await startFakeDynamo((_request, response) => response.writeHead(500).end("{}"));
    const client = DynamoDBDocumentClient.from(dynamoClient(broken));
    const to = serverOver(keyTable({ table: "pads", client }));
    for (const method of ["POST", "GET"]) {
      await assertRefused(await ask(method, "a".repeat(43), { to }), 503, "storage_unavailable");
    }
    broken.close();
  }).timeout(10_000);
});

describe("the contract of a service with sessions", () => {
  it("gives it a table for them, whose items expire", () => {
    assert.deepEqual(shop.needs.tables, { sessions: { hashKey: "id", expires: true } });
  });

  it("says in the document which header goes on with a session, and how it is refused", () => {
    const { post, get, put } = shop.openApi().paths["/shop/pad"]! as any;
    assert.equal(put, undefined);
    assert.deepEqual(post.parameters, []);
    assert.deepEqual(Object.keys(post.responses), ["200", "400", "413", "500", "502", "503"]);
    const [header] = get.parameters;
    assert.deepEqual([header.name, header.in, header.required], ["Session-Id", "header", true]);
    assert.deepEqual(Object.keys(get.responses), ["200", "400", "404", "409", "413", "500", "502", "503"]);
  });

  it("is refused with a route that anyone may ask, one that streams, and one of another answerer", () => {
    const { "get-pad": get } = shop.definitions;
    for (const [change, got] of [
      [{ access: "open" }, "access open"],
      [{ stream: true }, "access write and a stream"],
      [{ legacy: {} }, "access write and a legacy endpoint"],
    ] as const) {
      assert.throws(() => defineService({ ...about, routes: { "get-pad": { ...get, ...change } } as never }), {
        message: `service "shop": route "get-pad" must have access write and one answer of the service's own to be of a session, got ${got}; take out session`,
      });
    }
  });

  it("is refused with lifetimes that are none, two kinds of session, or a table of that name", () => {
    const { "get-pad": get, "end-pad": end } = shop.definitions;
    const withLifetimes = (idleSeconds: number, maxSeconds: number) => () =>
      defineService({
        ...about,
        routes: { "get-pad": { ...get, session: { of: { ...pad, idleSeconds, maxSeconds } } } },
      });
    for (const [idle, max] of [
      [0, 60],
      [61, 60],
      [1.5, 60],
      [60, 2_592_001],
    ] as const) {
      assert.throws(withLifetimes(idle, max), {
        message: `service "shop": a session must have whole idleSeconds from 1 to maxSeconds, and at most 2592000 maxSeconds, got ${idle} and ${max}; correct them`,
      });
    }
    withLifetimes(1, 2_592_000)();
    const other = { ...end, session: { of: { ...pad } } };
    assert.throws(() => defineService({ ...about, routes: { "get-pad": get, "end-pad": other } }), {
      message:
        'service "shop": route "end-pad" must have the session of route "get-pad", got another one; name the same in both',
    });
    assert.throws(
      () => defineService({ ...about, needs: { tables: { sessions: { hashKey: "id" } } }, routes: { "get-pad": get } }),
      /needs\.tables must not name sessions, which its routes need; rename it/,
    );
  });

  it("is refused by an app that has no table for them, and by an adapter without its name", () => {
    const log = createLogger({ service: "shop", write: () => {} });
    assert.throws(() => serviceApp(shop, { items: {} as never, log }, {} as never), {
      message: "a route of a session needs a table for it; give its app to withSessions",
    });
    const createApp = withSessions(shop, () => ({}) as App, {});
    assert.throws(() => createApp({ items: {} as never, log }), {
      message: "shop: TABLE_SESSIONS is missing; set the environment variable TABLE_SESSIONS",
    });
  });
});
