import assert from "node:assert/strict";
import { type BatchOutcome, type ConsumerSettings, ShardConsumer } from "../../../local/dynamodb/shard-consumer";
import type { StreamReader, StreamRecord } from "../../../local/dynamodb/stream-reader";
import { TimeScale } from "../../../local/time-scale";
import { until } from "../helpers/wait";

const startSeconds = 1_767_225_600;
const record = (number: number, second = 0) =>
  ({
    dynamodb: { SequenceNumber: String(number), ApproximateCreationDateTime: startSeconds + second },
  }) as unknown as StreamRecord;

describe("the consumer of a shard", () => {
  const logged: string[] = [];
  let seen: string[];
  let consumer: ShardConsumer;
  const consume = (reads: (StreamRecord[] | Error)[], settings: Partial<ConsumerSettings>, more: object = {}) => {
    seen = [];
    logged.length = 0;
    const next = async () => {
      const read = reads.shift() ?? [];
      if (read instanceof Error) throw read;
      return read;
    };
    consumer = new ShardConsumer({
      settings: {
        ...{ batchSize: 10, windowSeconds: 0, maximumRetryAttempts: -1, maximumRecordAgeSeconds: -1, bisect: false },
        ...settings,
      },
      reader: { next } as unknown as StreamReader,
      ...{ time: new TimeScale(100), now: () => startSeconds * 1_000, log: (line: string) => logged.push(line) },
      takes: () => true,
      handle: async (records): Promise<BatchOutcome> => {
        seen.push(...records.map(({ dynamodb }) => dynamodb.SequenceNumber));
        return { kind: "done" };
      },
      giveUp: async () => {},
      ...more,
    });
    consumer.start();
  };
  afterEach(() => consumer.stop());

  it("hands on what it had read of a batch when the stream cannot be read further", async () => {
    consume([[record(1)], new Error("the store has ended"), [record(2)]], { windowSeconds: 100 });
    await until("both are handed on", () => seen.length === 2);
    assert.deepEqual(seen, ["1", "2"]);
  });

  it("goes on with the records after those that it could not keep elsewhere", async () => {
    const giveUp = () => Promise.reject(new Error("there is no queue"));
    consume([[record(1, -10_000), record(2)]], { maximumRecordAgeSeconds: 60 }, { giveUp });
    await until("the newer one is handed on", () => seen.length === 1);
    assert.deepEqual(seen, ["2"]);
    assert.deepEqual(logged, ["1 records that were given up are lost: there is no queue"]);
  });

  it("logs the same failure in a row once", async () => {
    const reads = [new Error("refused"), new Error("refused"), [record(1)]];
    consume(reads, {});
    await until("the record is handed on", () => seen.length === 1);
    assert.deepEqual(logged, ["refused"]);
  });
});
