import assert from "node:assert/strict";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { serviceApp } from "../../apps/kit/app";
import { defineService } from "../../apps/kit/contract";
import { type KeyTable, keyTable, type TableDependencies, withTables } from "../../apps/kit/key-table";
import { createLogger } from "../../apps/kit/log";
import { dynamoClient, type Storage, startDynamo, startFakeDynamo } from "./helpers/dynamo";

describe("a table of items by key", () => {
  let storage: Storage;
  let now = 1_000_000_000_000;
  let table: KeyTable;
  before(async () => {
    storage = await startDynamo("kept", { hashKey: "name", indexes: [] });
    const client = DynamoDBDocumentClient.from(dynamoClient(storage));
    table = keyTable({ table: "kept", hashKey: "name", client, now: () => now });
  });
  after(() => storage.close());

  it("has what was put last, and nothing before", async () => {
    assert.equal(await table.get("a"), undefined);
    assert.equal(await table.put("a", { value: 1 }), true);
    assert.equal(await table.put("a", { value: 2 }), true);
    assert.deepEqual(await table.get("a"), { value: 2 });
  });

  it("no longer has an item when it has expired, though DynamoDB still does", async () => {
    await table.put("b", { value: 1 }, { expiresAt: now / 1_000 + 10 });
    now += 9_999;
    assert.deepEqual(await table.get("b"), { value: 1 });
    now += 1;
    assert.equal(await table.get("b"), undefined);
  });

  it("keeps the newer of two items, in whichever order they come", async () => {
    assert.equal(await table.put("c", { at: 2, value: "new" }, { ifNewerBy: "at" }), true);
    for (const at of [1, 2]) assert.equal(await table.put("c", { at, value: "old" }, { ifNewerBy: "at" }), false);
    assert.deepEqual(await table.get("c"), { at: 2, value: "new" });
    assert.equal(await table.put("c", { at: 3, value: "newer" }, { ifNewerBy: "at" }), true);
    assert.deepEqual(await table.get("c"), { at: 3, value: "newer" });
  });

  it("fails with 503 when the table does not answer", async () => {
    const broken = await startFakeDynamo((_request, response) => response.writeHead(500).end("{}"));
    const client = DynamoDBDocumentClient.from(dynamoClient(broken));
    const unreachable = keyTable({ table: "kept", client });
    for (const call of [() => unreachable.get("a"), () => unreachable.put("a", {})]) {
      await assert.rejects(call, { status: 503, code: "storage_unavailable" });
    }
    broken.close();
  }).timeout(10_000);
});

describe("an app with more tables", () => {
  const specs = { "kept-prices": { hashKey: "id" } } as const;
  const shop = defineService({
    name: "shop",
    title: "Shop",
    port: 8090,
    table: { hashKey: "id", indexes: [] },
    routes: {},
    needs: { tables: specs },
  });
  const dependencies = { items: {} as never, log: createLogger({ service: "shop", write: () => {} }) };

  it("gets each by its name in the contract", () => {
    let got: readonly string[] = [];
    const createApp = (given: typeof dependencies & TableDependencies<"kept-prices">) => {
      got = Object.keys(given.tables);
      return serviceApp(shop, given, {});
    };
    withTables("shop", specs, createApp, { TABLE_KEPT_PRICES: "kept-1a2b3c4" })(dependencies);
    assert.deepEqual(got, ["kept-prices"]);
    assert.throws(() => withTables("shop", specs, createApp, {})(dependencies), {
      message: "shop: TABLE_KEPT_PRICES is missing; set the environment variable TABLE_KEPT_PRICES",
    });
  });
});
