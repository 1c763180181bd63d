import { AwsError } from "../../../local/aws/aws-error";
import type { MappingInput } from "../../../local/lambda/event-sources/mapping-settings";
import { until } from "../../local/helpers/wait";
import type { EventsStep } from "../events-cases";
import type { QueueSteps } from "./queue-steps";
import { account, region, type World } from "./world";

const functionArn = `arn:aws:lambda:${region}:${account}:function:f`;

/** Runs the steps of a case about event sources: tables, mappings, and what the function gets. */
export class SourceSteps {
  private madeAt = 0;

  constructor(
    private readonly world: World,
    private readonly queues: QueueSteps,
  ) {}

  /** Calls DynamoDB. @returns its answer as `json`, or `status`, `code` and `message` of an error; of a stream its `records` */
  async dynamodb({ dynamodb: operation = "", input = {} }: EventsStep): Promise<Record<string, unknown>> {
    if (operation === "records") return this.records();
    const filled = JSON.parse(this.filled(JSON.stringify(input)));
    const plain = operation === "CreateTable" ? { ...table, ...filled } : { TableName: "things", ...filled };
    try {
      const names = /Stream|Transact|Batch/.test(operation) ? filled : plain;
      return { status: 200, json: await this.world.dynamodb(operation, names) };
    } catch (error) {
      const { name, message } = error as Error;
      return { status: 400, code: name, message: message.replace(/^dynamodb: \w+ failed: /, "") };
    }
  }

  /** Makes a mapping. @returns what Lambda answers, or `status`, `code` and `message` of an error */
  mapping(input: object): Readonly<Record<string, unknown>> {
    this.madeAt = performance.now();
    const given = JSON.parse(this.filled(JSON.stringify({ FunctionName: functionArn, ...input })));
    try {
      return this.world.messaging.mappings.create(given as MappingInput);
    } catch (error) {
      const { status, name, message } = error as AwsError;
      if (!(error instanceof AwsError)) throw error;
      return { status, code: name, message };
    }
  }

  /**
   * Waits for so many invocations.
   * @returns names in each of the `batches`, the `invocations`, the first `record` and its `keys`, receive `counts` of all,
   *   `isList` and `length` of the last event, and the planned seconds `after` the mapping was made
   */
  async invocations(count: number): Promise<Record<string, unknown>> {
    const { events, batches, times } = this.world.function;
    await until(`${count} invocations`, () => events.length >= count, 8_000);
    const last = events.at(-1);
    const recordsOf = (event: any): any[] => (Array.isArray(event) ? event : (event?.Records ?? []));
    const [record] = recordsOf(events[0]);
    const seconds = ((times[0] ?? 0) - this.madeAt) / 1_000;
    return {
      ...{ batches, invocations: events.length, record, keys: record && Object.keys(record) },
      sortedKeys: record && Object.keys(record).sort(),
      counts: events.flatMap(recordsOf).map(({ attributes }) => attributes?.ApproximateReceiveCount),
      ...{ isList: Array.isArray(last), length: last?.length, after: Math.round(seconds * this.world.timeScale) },
      ...{ input: last, first: Array.isArray(last) ? last[0] : undefined },
    };
  }

  filled(text: string): string {
    return this.queues
      .filled(text)
      .replaceAll("(function)", functionArn)
      .replaceAll("(stream)", `arn:aws:dynamodb:${region}:${account}:table/things/stream/planned`);
  }

  /** @returns of the stream of `things` the `eventNames` and `ids`, of the first record `first`, `recordKeys`, `dataKeys` and `images` */
  private async records(): Promise<Record<string, unknown>> {
    const StreamArn = this.filled("(stream)");
    const { StreamDescription } = await this.world.dynamodb("DescribeStream", { StreamArn });
    const [{ ShardId }] = StreamDescription.Shards;
    const at = { StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" };
    const { ShardIterator } = await this.world.dynamodb("GetShardIterator", at);
    const { Records } = await this.world.dynamodb("GetRecords", { ShardIterator });
    const [first] = Records;
    return {
      eventNames: Records.map(({ eventName }: any) => eventName),
      ids: Records.map(({ dynamodb }: any) => dynamodb.Keys.id.S),
      sizes: Records.map(({ dynamodb }: any) => dynamodb.SizeBytes),
      ...{ first, last: Records.at(-1), recordKeys: first && Object.keys(first).sort() },
      dataKeys: first && Object.keys(first.dynamodb).sort(),
      images: first && Object.keys(first.dynamodb).filter((name) => name.endsWith("Image")),
    };
  }
}

/** The planned table, with a stream of both images. */
const table = {
  ...{ TableName: "things", BillingMode: "PAY_PER_REQUEST" },
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
  StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
};
