import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { type App, serviceApp } from "../../apps/kit/app";
import { defineService, writeThrottle } from "../../apps/kit/contract";
import { HttpError } from "../../apps/kit/errors";
import { keyStore } from "../../apps/kit/idempotency";
import { createLogger } from "../../apps/kit/log";
import { itemId } from "../../apps/kit/schemas";
import { assertRefused } from "./helpers/answers";
import { dynamoClient, type Storage, startDynamo, startFakeDynamo } from "./helpers/dynamo";

const thing = { name: z.string() };
const about = { name: "shop", title: "Shop", port: 8090, table: { hashKey: "id", indexes: [] } };
const shop = defineService({
  ...about,
  routes: {
    "post-thing": {
      method: "POST",
      path: "/shop/things",
      summary: "Makes a thing",
      access: "write",
      throttle: writeThrottle,
      body: z.strictObject(thing),
      answer: z.strictObject({ id: itemId, ...thing, turn: z.int() }),
      idempotency: { required: true },
    },
    "post-note": {
      method: "POST",
      path: "/shop/notes",
      summary: "Makes a note",
      access: "write",
      throttle: writeThrottle,
      body: z.strictObject(thing),
      answer: z.strictObject({ id: itemId }),
      idempotency: { required: false, exact: true },
    },
  },
});

const idFrom = async (answer: Response) => ((await answer.json()) as { id: string }).id;

describe("a route that takes idempotency keys", () => {
  let storage: Storage;
  /** Ids that the handler was given, one for each time that it ran. */
  let made: string[] = [];
  let work: (turn: number) => Promise<void> = async () => {};
  let app: App;

  const appAt = (place: Storage, seconds = 2): App => {
    const client = dynamoClient(place);
    return serviceApp(
      shop,
      {
        items: {} as never,
        log: createLogger({ service: "shop", write: () => {} }),
        requestTimeoutSeconds: seconds,
        idempotency: keyStore({ service: "shop", table: "keys", own: client, home: client }),
      },
      {
        "post-thing": async ({ newId, body }) => {
          const turn = made.push(newId);
          await work(turn);
          return { id: newId, ...body, turn };
        },
        "post-note": async ({ newId }) => {
          made.push(newId);
          return { id: newId };
        },
      },
    );
  };
  const post = async (headers: Record<string, string>, body: object = { name: "a" }, to = app, path = "/shop/things") =>
    to.request(path, {
      method: "POST",
      headers: { "content-type": "application/json", "x-subject": "ada", ...headers },
      body: JSON.stringify(body),
    });

  before(async () => {
    storage = await startDynamo("keys", { hashKey: "id", indexes: [] });
    app = appAt(storage);
  });
  after(() => storage.close());
  beforeEach(() => {
    made = [];
    work = async () => {};
  });

  it("does its work once for a key, and answers the same again", async () => {
    const first = await post({ "idempotency-key": "once" });
    const second = await post({ "idempotency-key": '"once"' });
    assert.equal(first.status, 200);
    const body = await first.text();
    assert.deepEqual([second.status, await second.text()], [200, body]);
    assert.equal(second.headers.get("content-type"), first.headers.get("content-type"));
    assert.deepEqual(JSON.parse(body), { id: made[0], name: "a", turn: 1 });
    assert.equal(made.length, 1);
  });

  it("does it once for 20 requests that come at the same moment; those that come too early are told to try again", async () => {
    let answered = 0;
    // The work ends when all others have their answers.
    work = async () => {
      while (answered < 19) await sleep(10);
    };
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const answer = await post({ "idempotency-key": "at-once" });
        answered += 1;
        return answer;
      }),
    );
    assert.equal(made.length, 1);
    const early = answers.filter(({ status }) => status === 409);
    assert.equal(early.length, 19);
    for (const each of early) {
      assert.equal(each.headers.get("retry-after"), "1");
      assert.equal(((await each.json()) as any).code, "idempotency_in_progress");
    }
    const done = answers.find(({ status }) => status === 200)!;
    assert.equal(await (await post({ "idempotency-key": "at-once" })).text(), await done.text());
    assert.equal(made.length, 1);
  });

  it("refuses a request without a key, with an invalid one, and with one that had another body", async () => {
    await assertRefused(await post({}), 400, "idempotency_key_missing");
    for (const key of ["", "a b", "a,b", "a".repeat(129), "ä", "'a'"]) {
      const answer = await post({ "idempotency-key": key });
      await assertRefused(answer, 400, "idempotency_key_invalid");
    }
    await post({ "idempotency-key": "body" });
    await assertRefused(await post({ "idempotency-key": "body" }, { name: "b" }), 422, "idempotency_key_reused");
    assert.equal(made.length, 1);
  });

  it("keeps the keys of callers, issuers and routes apart", async () => {
    const key = { "idempotency-key": "shared" };
    const ids = new Set<string>();
    for (const subject of ["ada", "bob", "https://other.example.com|ada"]) {
      ids.add(await idFrom(await post({ ...key, "x-subject": subject })));
    }
    ids.add(await idFrom(await post(key, undefined, app, "/shop/notes")));
    assert.equal(ids.size, 4);
    assert.equal(made.length, 4);
    for (const subject of ["", "ada, bob", "a b"]) {
      await assertRefused(await post({ ...key, "x-subject": subject }), 400, "subject_missing");
    }
  });

  it("frees the key of a request that fails", async () => {
    work = async (turn) => {
      if (turn === 1) throw new HttpError(503, "storage_unavailable", "The storage did not answer; try again");
    };
    assert.equal((await post({ "idempotency-key": "fails" })).status, 503);
    const again = await post({ "idempotency-key": "fails" });
    assert.equal(again.status, 200);
    // What was half made the first time is made under the same id.
    assert.equal(new Set(made).size, 1);
    assert.equal(made.length, 2);
  });

  it("frees the key of a request that never ends when its deadline has passed, and no earlier", async () => {
    work = (turn) => (turn === 1 ? new Promise(() => {}) : Promise.resolve());
    const short = appAt(storage, 1);
    await assertRefused(await post({ "idempotency-key": "hangs" }, undefined, short), 503, "timeout");
    made = ["first"];
    await sleep(100);
    assert.equal((await post({ "idempotency-key": "hangs" }, undefined, short)).status, 200);
    assert.equal(made.length, 2);
    work = (turn) => (turn === 3 ? new Promise(() => {}) : Promise.resolve());
    void post({ "idempotency-key": "hangs-too" }, undefined, short);
    await sleep(500);
    assert.equal((await post({ "idempotency-key": "hangs-too" }, undefined, short)).status, 409);
  });

  it("forgets a key after 24 hours", async () => {
    const client = dynamoClient(storage);
    const { Items: before = [] } = await client.send(new ScanCommand({ TableName: "keys" }));
    await post({ "idempotency-key": "forgotten" });
    const { Items: after = [] } = await client.send(new ScanCommand({ TableName: "keys" }));
    const item = after.find(({ id }) => !before.some((each) => each["id"]!.S === id!.S))!;
    const left = Number(item["expiresAt"]!.N) - Date.now() / 1_000;
    assert.ok(left > 86_390 && left <= 86_401, String(left));
    assert.equal((await post({ "idempotency-key": "forgotten" }, { name: "b" })).status, 422);
    const past = { N: String(Math.floor(Date.now() / 1_000) - 1) };
    await client.send(new PutItemCommand({ TableName: "keys", Item: { ...item, expiresAt: past } }));
    assert.equal((await post({ "idempotency-key": "forgotten" }, { name: "b" })).status, 200);
    assert.equal(made.length, 2);
  });

  it("answers 503 when its answer is too large to be kept, and is done again after its deadline, under the same id", async () => {
    const name = "a".repeat(200_000);
    const large = serviceApp(
      shop,
      {
        items: {} as never,
        log: createLogger({ service: "shop", write: () => {} }),
        requestTimeoutSeconds: 1,
        idempotency: keyStore({
          ...{ service: "shop", table: "keys", own: dynamoClient(storage), home: dynamoClient(storage) },
        }),
      },
      {
        "post-thing": async ({ newId }) => ({ id: newId, name: name + name + name, turn: made.push(newId) }),
        "post-note": async ({ newId }) => ({ id: newId }),
      },
    );
    const ask = () => post({ "idempotency-key": "large" }, undefined, large);
    await assertRefused(await ask(), 503, "storage_unavailable");
    await assertRefused(await ask(), 409, "idempotency_in_progress");
    await sleep(1_100);
    await assertRefused(await ask(), 503, "storage_unavailable");
    assert.deepEqual([made.length, new Set(made).size], [2, 1]);
  });

  it("may take a request without a key, which is done each time", async () => {
    for (let turn = 0; turn < 2; turn += 1) await post({}, undefined, app, "/shop/notes");
    assert.equal(new Set(made).size, 2);
  });

  it("does nothing while the keys cannot be read, and says whether their home region is missing", async () => {
    const broken = await startFakeDynamo((_request, response) => response.writeHead(500).end("{}"));
    const without = appAt(broken, 10);
    const key = { "idempotency-key": "k" };
    await assertRefused(await post(key, undefined, without), 503, "storage_unavailable");
    await assertRefused(await post(key, undefined, without, "/shop/notes"), 503, "home_region_unavailable");
    assert.equal(made.length, 0);
    broken.close();
  }).timeout(10_000);
});

describe("the contract of a route that takes idempotency keys", () => {
  it("gives the service a table for them, whose items expire, and a home region where a route asks for it", () => {
    assert.deepEqual(shop.needs.tables, { "idempotency-keys": { hashKey: "id", expires: true, home: true } });
    const { "post-thing": thing } = shop.definitions;
    const without = defineService({ ...about, routes: { "post-thing": thing } });
    assert.deepEqual(without.needs.tables, { "idempotency-keys": { hashKey: "id", expires: true } });
  });

  it("says in the document which header it takes, and how it refuses", () => {
    const { post } = shop.openApi().paths["/shop/things"]! as any;
    const [header] = post.parameters;
    assert.deepEqual([header.name, header.in, header.required], ["Idempotency-Key", "header", true]);
    assert.deepEqual(Object.keys(post.responses), ["200", "400", "409", "413", "415", "422", "500", "502", "503"]);
    const { parameters } = shop.openApi().paths["/shop/notes"]!["post"] as any;
    assert.equal(parameters[0].required, false);
  });

  it("is of a POST that needs a token and does not stream", () => {
    const { "post-thing": thing } = shop.definitions;
    for (const [change, got] of [
      [{ method: "PUT" }, "PUT with access write"],
      [{ access: "open" }, "POST with access open"],
      [{ stream: true }, "POST with access write and a stream"],
    ] as const) {
      const routes = { "post-thing": { ...thing, ...change } };
      assert.throws(() => defineService({ ...about, routes: routes as never }), {
        message: `service "shop": route "post-thing" must be a POST with access write and one answer to take idempotency keys, got ${got}; take out idempotency`,
      });
    }
    const tables = { "idempotency-keys": { hashKey: "id" } };
    assert.throws(
      () => defineService({ ...about, needs: { tables }, routes: { "post-thing": thing } }),
      /needs\.tables must not name idempotency-keys/,
    );
  });

  it("is refused by the app of a service that has no table for them", () => {
    const log = createLogger({ service: "shop", write: () => {} });
    assert.throws(() => serviceApp(shop, { items: {} as never, log }, {} as never), {
      message: "shop: the route post-thing takes idempotency keys; give its app to withIdempotency",
    });
  });
});
