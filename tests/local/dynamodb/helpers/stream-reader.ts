import { callAsOperator } from "../../../../local/dynamodb/operator-call";
import type { RunningStore, TestRegion } from "./running-store";

/** Reads the stream of the table `things` of a region. */
export class StreamReader {
  private constructor(
    private readonly running: RunningStore,
    private readonly region: TestRegion,
    readonly arn: string,
    readonly shard: string,
  ) {}

  static async of(running: RunningStore, region: TestRegion): Promise<StreamReader> {
    const list = await call(running, region, "ListStreams", { TableName: "things" });
    const [{ StreamArn }] = list.Streams;
    const { StreamDescription } = await call(running, region, "DescribeStream", { StreamArn });
    return new StreamReader(running, region, StreamArn, StreamDescription.Shards[0].ShardId);
  }

  async iterator(ShardIteratorType: string, more: object = {}): Promise<string> {
    const input = { StreamArn: this.arn, ShardId: this.shard, ShardIteratorType, ...more };
    return (await call(this.running, this.region, "GetShardIterator", input)).ShardIterator;
  }

  async records(ShardIterator: string, more: object = {}): Promise<{ Records: any[]; NextShardIterator: string }> {
    return call(this.running, this.region, "GetRecords", { ShardIterator, ...more });
  }

  async all(): Promise<any[]> {
    return (await this.records(await this.iterator("TRIM_HORIZON"))).Records;
  }
}

function call(running: RunningStore, region: TestRegion, operation: string, input: object): Promise<any> {
  return callAsOperator(running.store.regions.get(region)!, region, operation, input, "DynamoDBStreams_20120810");
}
