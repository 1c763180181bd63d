import assert from "node:assert/strict";
import { DescribeTableCommand, UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, TransactWriteCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { until } from "../helpers/wait";
import { RunningStore, regions } from "./helpers/running-store";
import { StreamReader as Reader } from "./helpers/stream-reader";

const [central, west] = regions;

const brief = ({ eventName, dynamodb }: any) => [
  eventName,
  dynamodb.Keys.id.S,
  dynamodb.OldImage?.n?.N,
  dynamodb.NewImage?.n?.N,
];

describe("streams of tables", () => {
  let running: RunningStore;

  beforeEach(async () => {
    running = new RunningStore({ lagMs: 50 });
    await running.start();
  });
  afterEach(() => running.stop());

  it("have every write that changed an item, in its order, with the planned view", async () => {
    const { arn, shard } = await Reader.of(running, central);
    const { Table } = await running.in(central).send(new DescribeTableCommand({ TableName: "things" }));
    assert.equal(Table!.LatestStreamArn, arn);
    assert.match(arn, /^arn:aws:dynamodb:eu-central-1:123456789012:table\/things\/stream\/\d{4}-\d\d-\d\dT[\d:.]+$/);
    assert.match(shard, /^shardId-[0-9a-f-]{20,}$/);
    const update = { UpdateExpression: "SET n = :n", ExpressionAttributeValues: { ":n": 2 } };
    const key = { TableName: "things", Key: { id: "a" } };
    await running.put(central, { id: "a", n: 1 });
    await running.put(central, { n: 1, id: "a" });
    await running.in(central).send(new UpdateCommand({ ...key, ...update }));
    await running.in(central).send(new DeleteCommand({ ...key, Key: { id: "never" } }));
    await running.in(central).send(new DeleteCommand(key));
    const puts = ["b", "c"].map((id) => ({ Put: { TableName: "things", Item: { id } } }));
    await running.in(central).send(new TransactWriteCommand({ TransactItems: puts }));
    const records = await (await Reader.of(running, central)).all();
    assert.deepEqual(records.slice(0, 3).map(brief), [
      ["INSERT", "a", undefined, "1"],
      ["MODIFY", "a", "1", "2"],
      ["REMOVE", "a", "2", undefined],
    ]);
    // Writes of different items have no order; those of a transaction come in one step.
    assert.deepEqual(records.slice(3).map(brief).sort(), [
      ["INSERT", "b", undefined, undefined],
      ["INSERT", "c", undefined, undefined],
    ]);
    const [{ eventID, dynamodb, ...more }] = records;
    assert.deepEqual(more, {
      eventName: "INSERT",
      eventVersion: "1.1",
      eventSource: "aws:dynamodb",
      awsRegion: central,
    });
    const { ApproximateCreationDateTime, SequenceNumber, SizeBytes, ...data } = dynamodb;
    assert.deepEqual(data, {
      Keys: { id: { S: "a" } },
      NewImage: { id: { S: "a" }, n: { N: "1" } },
      StreamViewType: "NEW_AND_OLD_IMAGES",
    });
    assert.ok(Math.abs(ApproximateCreationDateTime - Date.now() / 1_000) < 60 && SizeBytes > 0 && eventID !== "");
    const numbers = records.map((each) => BigInt(each.dynamodb.SequenceNumber));
    assert.ok(SequenceNumber.length >= 21 && numbers.every((each, i) => i === 0 || each > numbers[i - 1]!));
  });

  it("are read from the four places that an iterator may begin at, and on from there", async () => {
    const reader = await Reader.of(running, central);
    for (const id of ["1", "2", "3"]) await running.put(central, { id });
    const latest = await reader.iterator("LATEST");
    await running.put(central, { id: "4" });
    const ids = async (iterator: string, more: object = {}) =>
      (await reader.records(iterator, more)).Records.map((each) => each.dynamodb.Keys.id.S);
    const second = (await reader.all())[1]!.dynamodb;
    const { SequenceNumber } = second;
    assert.deepEqual(await ids(await reader.iterator("TRIM_HORIZON")), ["1", "2", "3", "4"]);
    assert.deepEqual(await ids(latest), ["4"]);
    assert.deepEqual(await ids(await reader.iterator("AT_SEQUENCE_NUMBER", { SequenceNumber })), ["2", "3", "4"]);
    assert.deepEqual(await ids(await reader.iterator("AFTER_SEQUENCE_NUMBER", { SequenceNumber })), ["3", "4"]);
    const first = await reader.records(await reader.iterator("TRIM_HORIZON"), { Limit: 2 });
    assert.deepEqual(await ids(first.NextShardIterator), ["3", "4"]);
    const end = await reader.records(first.NextShardIterator);
    assert.deepEqual(await ids(end.NextShardIterator), []);
    await running.put(central, { id: "5" });
    assert.deepEqual(await ids(end.NextShardIterator), ["5"]);
    await assert.rejects(reader.iterator("MIDDLE"), /'shardIteratorType' failed to satisfy constraint/);
    await assert.rejects(reader.records("nonsense"), /Invalid ShardIterator/);
    await assert.rejects(reader.records(latest, { Limit: 1_001 }), /Limit must be a whole number from 1 to 1000/);
    await assert.rejects(reader.iterator("AT_SEQUENCE_NUMBER", { SequenceNumber: "9".repeat(30) }), /SequenceNumber/);
  });

  it("of every region have the writes of all regions", async () => {
    await running.put(central, { id: "one" });
    await running.put(west, { id: "two" });
    for (const region of regions) {
      const reader = await Reader.of(running, region);
      await until(`both in ${region}`, async () => (await reader.all()).length === 2);
      const found = (await reader.all()).map(({ awsRegion, dynamodb }) => [awsRegion, dynamodb.Keys.id.S]);
      assert.deepEqual(found.sort(), [
        [region, "one"],
        [region, "two"],
      ]);
    }
  });

  it("go on when the store's process was killed", async () => {
    await running.put(central, { id: "1" });
    const reader = await Reader.of(running, central);
    const latest = await reader.iterator("LATEST");
    process.kill(running.store.pid!, "SIGKILL");
    await until("restarted", () => running.logs.some((line) => line.includes("starts again")), 15_000);
    await running.put(central, { id: "2" });
    assert.deepEqual((await reader.records(latest)).Records.map(brief), [["INSERT", "2", undefined, undefined]]);
    assert.equal((await reader.all()).length, 2);
  });

  it("are turned on and off by UpdateTable, each time as another stream", async () => {
    const reader = await Reader.of(running, west);
    const set = (StreamSpecification: UpdateTableCommand["input"]["StreamSpecification"]) =>
      running.in(west).send(new UpdateTableCommand({ TableName: "things", StreamSpecification }));
    const on = { StreamEnabled: true, StreamViewType: "KEYS_ONLY" as const };
    await assert.rejects(set(on), { name: "ValidationException", message: /already has an enabled stream/ });
    await set({ StreamEnabled: false });
    await assert.rejects(reader.all(), /Stream: arn:.* not found/);
    await running.put(west, { id: "unseen" });
    assert.notEqual((await set(on)).TableDescription!.LatestStreamArn, reader.arn);
    await running.put(west, { id: "seen", n: 1 });
    const [record, ...others] = await (await Reader.of(running, west)).all();
    assert.deepEqual([brief(record), others], [["INSERT", "seen", undefined, undefined], []]);
  });
});

describe("streams of tables, with a day in four seconds", () => {
  it("forget after 24 hours, and iterators after 15 minutes", async () => {
    const running = new RunningStore({ lagMs: 10, factor: 21_600 });
    try {
      await running.start();
      const reader = await Reader.of(running, central);
      await running.put(central, { id: "old" });
      const [{ dynamodb }] = await reader.all();
      const iterator = await reader.iterator("TRIM_HORIZON");
      // The oldest record may go between the iterator and the records, as on AWS.
      const late = (error: Error) => assert.match(error.message, /read past the oldest stream record/);
      await until("trimmed", () => reader.all().then((records) => records.length === 0, late), 20_000);
      const expired = (error: Error) => /The iterator provided has expired/.test(error.message);
      await until("expired", () => reader.records(iterator).then(() => false, expired));
      await running.put(central, { id: "new" });
      const at = { SequenceNumber: dynamodb.SequenceNumber };
      await assert.rejects(reader.iterator("AT_SEQUENCE_NUMBER", at), /read past the oldest stream record/);
      assert.deepEqual((await reader.all()).map(brief), [["INSERT", "new", undefined, undefined]]);
    } finally {
      await running.stop();
    }
  });
});
