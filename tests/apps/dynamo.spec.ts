import assert from "node:assert/strict";
import { DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { catalog } from "../../apps/catalog";
import { createApp } from "../../apps/food-store/app";
import type { Food } from "../../apps/food-store/contract";
import { defineService, writeThrottle } from "../../apps/kit/contract";
import { dynamoItems } from "../../apps/kit/dynamo";
import { createLogger } from "../../apps/kit/log";
import { itemId } from "../../apps/kit/schemas";
import { assertRefused } from "./helpers/answers";
import { dynamoClient, type Storage, startDynamo, startFakeDynamo, storageEnvironment } from "./helpers/dynamo";
import { samples } from "./helpers/services";

const food = samples[0]!;
const log = createLogger({ service: "food-store", write: () => {} });

/** The app over the real repository; the SDK finds the endpoint in the environment, as it does everywhere. */
function appOver(endpoint: string) {
  const saved = { ...process.env };
  Object.assign(process.env, storageEnvironment(endpoint));
  const items = dynamoItems<Food>("foods");
  const app = createApp({ items, log });
  const put = (id: string, body: object = food.body) =>
    app.request(`/food-store/foods/${id}`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  return { items, put, get: async (path: string) => app.request(path), restore: () => restore(saved) };
}

function restore(saved: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) {
    delete process.env[name];
  }
  Object.assign(process.env, saved);
}

describe("items in DynamoDB", () => {
  let storage: Storage;
  let service: ReturnType<typeof appOver>;
  let documents: DynamoDBDocumentClient;
  /** An item as it is stored, and what stores one so. */
  const item = async (id: string): Promise<Record<string, unknown>> =>
    (await documents.send(new GetCommand({ TableName: "foods", Key: { id }, ConsistentRead: true }))).Item!;
  const store = (Item: Record<string, unknown>) => documents.send(new PutCommand({ TableName: "foods", Item }));
  before(async () => {
    storage = await startDynamo("foods", catalog["food-store"].table);
    service = appOver(storage.endpoint);
    documents = DynamoDBDocumentClient.from(dynamoClient(storage));
  });
  after(() => {
    service.restore();
    storage.close();
  });

  it("are stored, read back and replaced whole", async () => {
    const first = { ...food.body, brand: "Acme", allergens: [] };
    assert.deepEqual(await (await service.put("a", first)).json(), { ...first, id: "a" });
    await service.put("a");
    assert.deepEqual(await (await service.get("/food-store/foods/a")).json(), { ...food.body, id: "a" });
    await assertRefused(await service.get("/food-store/foods/none"), 404, "not_found");
  });

  it("are listed by index, page after page, each once", async () => {
    const ids = Array.from({ length: 7 }, (_, number) => `page-${number}`);
    await Promise.all(ids.map((id) => service.put(id, { ...food.body, category: "paged" })));
    const seen: string[] = [];
    let after = "";
    for (let pages = 0; pages < 10; pages++) {
      const response = await service.get(`/food-store/foods?category=paged&limit=3${after}`);
      const page = (await response.json()) as { items: Food[]; next?: string };
      seen.push(...page.items.map(({ id }) => id));
      if (page.next === undefined) {
        break;
      }
      after = `&after=${page.next}`;
    }
    assert.deepEqual(seen.sort(), ids);
  });

  it("take ids that read as expressions or prototype members as they are", async () => {
    for (const id of ["__proto__", "constructor", "attribute_exists", "-"]) {
      await service.put(id);
      const read = (await (await service.get(`/food-store/foods/${id}`)).json()) as Food;
      assert.equal(read.id, id);
    }
  });

  it("end as one of the concurrent writes, whole", async () => {
    const bodies = Array.from({ length: 20 }, (_, number) => ({
      ...food.body,
      name: `name ${number}`,
      weightGrams: number + 1,
    }));
    await Promise.all(bodies.map((body) => service.put("contended", body)));
    const read = (await (await service.get("/food-store/foods/contended")).json()) as Food;
    assert.ok(bodies.some(({ name, weightGrams }) => name === read.name && weightGrams === read.weightGrams));
  });

  it("have the region and a version that grows with each change, which no answer has", async () => {
    const versions: number[] = [];
    for (let i = 0; i < 3; i++) {
      assert.equal("writtenIn" in ((await (await service.put("versions")).json()) as object), false);
      const { writtenIn, writtenVersion } = await item("versions");
      assert.equal(writtenIn, "eu-central-1");
      versions.push(writtenVersion as number);
    }
    assert.deepEqual(versions, [...new Set(versions)].sort());
    const read = (await (await service.get("/food-store/foods/versions")).json()) as object;
    assert.deepEqual(
      Object.keys(read).filter((key) => key.startsWith("written")),
      [],
    );
    assert.ok(Math.abs(versions[0]! / 1_000 - Date.now()) < 60_000);
  });

  it("get a higher version than one that a fast clock gave", async () => {
    const ahead = Date.now() * 1_000 + 3_600_000_000;
    await store({ id: "ahead", writtenIn: "eu-west-1", writtenVersion: ahead });
    await service.put("ahead");
    const { writtenIn, writtenVersion, name } = await item("ahead");
    assert.deepEqual([writtenIn, writtenVersion, name], ["eu-central-1", ahead + 1, food.body["name"]]);
  });

  it("that are deleted leave a tombstone, which expires, is found by nothing and may be replaced", async () => {
    await service.put("gone", { ...food.body, category: "leaving" });
    const before = await item("gone");
    await service.items.delete("gone");
    const { expiresAt, writtenVersion, ...rest } = await item("gone");
    assert.deepEqual(rest, { id: "gone", writtenIn: "eu-central-1", writtenKind: "deleted" });
    assert.ok((writtenVersion as number) > (before["writtenVersion"] as number));
    const days = ((expiresAt as number) * 1_000 - Date.now()) / 86_400_000;
    assert.ok(days > 29.9 && days < 30.1, String(days));
    await assertRefused(await service.get("/food-store/foods/gone"), 404, "not_found");
    assert.deepEqual(await (await service.get("/food-store/foods?category=leaving")).json(), { items: [] });
    await service.items.delete("gone");
    await service.items.delete("never");
    assert.equal((await item("gone"))["writtenVersion"], writtenVersion);
    assert.equal(await item("never"), undefined);
    await service.put("gone");
    assert.equal((await service.get("/food-store/foods/gone")).status, 200);
  });

  it("of more than 400 KB are refused with 413", async () => {
    const name = "x".repeat(410 * 1024);
    await assert.rejects(service.items.put({ ...food.body, id: "large", name } as unknown as Food), {
      status: 413,
      code: "item_too_large",
    });
  });
});

describe("a contract whose items have attributes of the kit", () => {
  const withField = (field: string, publishes: boolean, access: "write" | "platform" = "write") => {
    const body = z.strictObject({ [field]: z.string() });
    const route = { summary: "Stores", throttle: writeThrottle, answer: z.strictObject({ id: itemId }), body } as const;
    const table = { hashKey: "id", indexes: [] };
    const routes = { "post-note": { ...route, method: "POST", path: "/notes/notes", access } } as const;
    return defineService({ name: "notes", title: "Notes", port: 8099, table, publishes, routes });
  };

  it("is refused, and its own expiry too where a table removes what has expired", () => {
    for (const [field, publishes] of [
      ["writtenIn", false],
      ["writtenVersion", false],
      ["writtenKind", false],
      ["expiresAt", true],
    ] as const) {
      const sentence = new RegExp(
        `"notes": the body of route "post-note" must have no field .*, got ${field}; rename it$`,
      );
      assert.throws(() => withField(field, publishes), sentence);
      assert.equal(withField(field, publishes, "platform").name, "notes");
    }
    assert.equal(withField("expiresAt", false).name, "notes");
  });
});

describe("a DynamoDB that fails", () => {
  const failures: Record<string, Parameters<typeof startFakeDynamo>[0]> = {
    "answers 500": (_, response) => response.writeHead(500).end("{}"),
    throttles: (_, response) =>
      response.writeHead(400).end('{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException"}'),
    "has no such table": (_, response) =>
      response.writeHead(400).end('{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException"}'),
    "cuts the connection": (request) => request.socket.destroy(),
    "answers nonsense": (_, response) => response.end("<html>"),
  };
  for (const [what, listener] of Object.entries(failures)) {
    it(`is a 503 when it ${what}, after two attempts at most`, async () => {
      let attempts = 0;
      const storage = await startFakeDynamo((request, response) => {
        attempts++;
        listener(request, response);
      });
      const { get, restore } = appOver(storage.endpoint);
      const response = await get("/food-store/foods/a");
      restore();
      storage.close();
      assert.equal(response.headers.get("retry-after"), "1");
      await assertRefused(response, 503, "storage_unavailable");
      assert.ok(attempts <= 2, String(attempts));
    });
  }

  it("is a 503 when nothing listens", async () => {
    const { put, restore } = appOver("http://127.0.0.1:9");
    await assertRefused(await put("a"), 503, "storage_unavailable");
    restore();
  });
});
