import assert from "node:assert/strict";
import { changeReader, publishersOf, type StreamRecord } from "../../apps/change-reader/changes";

const version = 1_795_845_600_000_123;
const read = changeReader(publishersOf("shops-1=shop,others-2=other"));
const image = (over: object = {}) => ({
  id: { S: "a" },
  price: { M: { amount: { N: "120" } } },
  tags: { L: [{ S: "x" }] },
  writtenIn: { S: "eu-west-1" },
  writtenVersion: { N: String(version) },
  ...over,
});
const tombstone = {
  id: { S: "a" },
  writtenIn: { S: "eu-west-1" },
  writtenVersion: { N: "2" },
  writtenKind: { S: "deleted" },
};
const record = (NewImage: any, OldImage?: any, table = "shops-1"): StreamRecord => ({
  eventSourceARN: `arn:aws:dynamodb:eu-west-1:123456789012:table/${table}/stream/2026-01-01T00:00:00.000`,
  dynamodb: { NewImage, ...(OldImage && { OldImage }) },
});
const item = { id: "a", price: { amount: 120 }, tags: ["x"] };

describe("records of a table's stream", () => {
  it("become messages in plain JSON, with the time of their version and without the attributes of the platform", async () => {
    const older = image({ price: { M: { amount: { N: "110" } } } });
    const [created, changed] = await read([record(image()), record(image(), older, "others-2")]);
    const at = new Date(Math.floor(version / 1_000)).toISOString();
    assert.deepEqual(created, { id: "a", service: "shop", at, version, region: "eu-west-1", kind: "created", item });
    assert.deepEqual(changed, {
      ...{ id: "a", service: "other", at, version, region: "eu-west-1", kind: "changed", item },
      previous: { ...item, price: { amount: 110 } },
    });
    assert.deepEqual(JSON.parse(JSON.stringify(changed)), changed);
  });

  it("of a tombstone tell of a deletion with the item as it was; of another tombstone of nothing", async () => {
    const [deleted, ...more] = await read([
      record(tombstone, image()),
      record(tombstone, tombstone),
      record(tombstone),
    ]);
    assert.deepEqual([deleted!.kind, deleted!.item, deleted!.version, more], ["deleted", item, 2, []]);
    assert.equal("previous" in deleted!, false);
  });

  it("that follow a tombstone tell of a new item", async () => {
    assert.equal((await read([record(image(), tombstone)]))[0]!.kind, "created");
  });

  it("are refused from a table without a service, and without a version", async () => {
    await assert.rejects(read([record(image(), undefined, "none-1")]), /table none-1 has no service/);
    await assert.rejects(read([record({ id: { S: "a" } })]), /an item of shop has no number as writtenVersion/);
    for (const wrong of [undefined, "", "a", "a=", "=b", "a=b,"]) {
      assert.throws(
        () => publishersOf(wrong),
        /^Error: change-reader: PUBLISHERS must be a list of <table>=<service>, got/,
      );
    }
  });
});
