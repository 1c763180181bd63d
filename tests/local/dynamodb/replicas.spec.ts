import assert from "node:assert/strict";
import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import {
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { until } from "../helpers/wait";
import { RunningStore, regions } from "./helpers/running-store";

const [central, west] = regions;
const lagMs = 300;

describe("replicas of a table", () => {
  let running: RunningStore;

  before(async () => {
    running = new RunningStore({ lagMs });
    await running.start();
  });
  after(() => running.stop());
  afterEach(() => running.store.isolate([]));

  const arrives = (region: (typeof regions)[number], id: string, expected: object | undefined) =>
    until(
      `${id} in ${region}`,
      async () => {
        const found = await running.get(region, id);
        return JSON.stringify(found) === JSON.stringify(expected);
      },
      15_000,
    );

  it("are named by the table in each region", async () => {
    for (const [region, other] of [regions, [west, central] as const]) {
      const { Table } = await running.in(region).send(new DescribeTableCommand({ TableName: "things" }));
      assert.deepEqual(Table!.Replicas, [{ RegionName: other, ReplicaStatus: "ACTIVE" }]);
      assert.equal(Table!.TableArn, `arn:aws:dynamodb:${region}:123456789012:table/things`);
    }
  });

  it("get a write of another region after the lag, and not before", async () => {
    const startedAt = Date.now();
    await running.put(central, { id: "lag", kind: "tea" });
    assert.deepEqual(await running.get(central, "lag"), { id: "lag", kind: "tea" });
    assert.equal(await running.get(west, "lag"), undefined);
    await arrives(west, "lag", { id: "lag", kind: "tea" });
    assert.ok(Date.now() - startedAt >= lagMs);
    const query = { TableName: "things", IndexName: "by-kind", KeyConditionExpression: "kind = :kind" };
    const values = { ExpressionAttributeValues: { ":kind": "tea" } };
    const found = await running.in(west).send(new QueryCommand({ ...query, ...values }));
    assert.deepEqual(found.Items, [{ id: "lag", kind: "tea" }]);
  });

  it("get updates, deletions and batches, in both directions", async () => {
    await running.put(west, { id: "u", n: 1 });
    await arrives(central, "u", { id: "u", n: 1 });
    const update = { UpdateExpression: "ADD n :one", ExpressionAttributeValues: { ":one": 1 } };
    await running.in(central).send(new UpdateCommand({ TableName: "things", Key: { id: "u" }, ...update }));
    await arrives(west, "u", { id: "u", n: 2 });
    await running.in(west).send(new DeleteCommand({ TableName: "things", Key: { id: "u" } }));
    await arrives(central, "u", undefined);
    const puts = ["b1", "b2", "b3"].map((id) => ({ PutRequest: { Item: { id } } }));
    await running.in(central).send(new BatchWriteCommand({ RequestItems: { things: puts } }));
    for (const id of ["b1", "b2", "b3"]) await arrives(west, id, { id });
  });

  it("decide conditions on their own copy: both regions create the item, and the last one stays in both", async () => {
    const create = (kind: string) =>
      new PutCommand({ TableName: "things", Item: { id: "c", kind }, ConditionExpression: "attribute_not_exists(id)" });
    await running.in(central).send(create("first"));
    await running.in(west).send(create("second"));
    await assert.rejects(running.in(west).send(create("third")), { name: "ConditionalCheckFailedException" });
    await arrives(central, "c", { id: "c", kind: "second" });
    await new Promise((resolve) => setTimeout(resolve, lagMs));
    assert.deepEqual(await running.get(west, "c"), { id: "c", kind: "second" });
  });

  it("that are down catch up when they return, and the last writer wins whatever comes first", async () => {
    await running.put(central, { id: "down", kind: "before" });
    await arrives(west, "down", { id: "down", kind: "before" });
    await running.store.isolate([west]);
    await running.put(west, { id: "down", kind: "older" });
    await running.put(central, { id: "down", kind: "newer" });
    await running.in(central).send(new DeleteCommand({ TableName: "things", Key: { id: "gone" } }));
    await running.put(west, { id: "gone" });
    await running.put(west, { id: "kept" });
    await new Promise((resolve) => setTimeout(resolve, 2 * lagMs));
    assert.deepEqual(await running.get(west, "down"), { id: "down", kind: "older" });
    assert.deepEqual(await running.get(central, "down"), { id: "down", kind: "newer" });
    await until("the lag is seen", () => running.store.lags.some((each) => each.to === west && each.waiting === 2));
    await running.store.isolate([]);
    await arrives(west, "down", { id: "down", kind: "newer" });
    await arrives(central, "kept", { id: "kept" });
    await arrives(central, "gone", { id: "gone" });
    await until("nothing waits", () => running.store.lags.every(({ waiting }) => waiting === 0));
    assert.deepEqual(await running.get(central, "down"), { id: "down", kind: "newer" });
    assert.deepEqual(await running.get(west, "gone"), { id: "gone" });
    assert.ok(running.store.lags.every(({ tookMs }) => tookMs! >= lagMs));
  });

  it("get what was written before the store's process was killed", async () => {
    await running.put(central, { id: "killed" });
    process.kill(running.store.pid!, "SIGKILL");
    await until("restarted", () => running.logs.some((line) => line.includes("starts again")), 15_000);
    await arrives(west, "killed", { id: "killed" });
    await running.put(west, { id: "after" });
    await arrives(central, "after", { id: "after" });
  });

  it("answer at the address of their region only what is signed for it, and at the common one any region", async () => {
    await running.put(central, { id: "scope" });
    await arrives(west, "scope", { id: "scope" });
    const get = new GetCommand({ TableName: "things", Key: { id: "scope" } });
    const wrong = running.clientAt(running.store.regions.get(west)!, central);
    await assert.rejects(wrong.send(get), {
      name: "InvalidSignatureException",
      message: "Credential should be scoped to a valid region, not 'eu-central-1'. ",
    });
    await assert.rejects(running.clientAt(running.store.url, "us-west-2").send(get), /valid region, not 'us-west-2'/);
    for (const region of regions) {
      const common = running.clientAt(running.store.url, region);
      assert.deepEqual((await common.send(get)).Item, { id: "scope" });
    }
  });
});
