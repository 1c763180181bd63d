import type { GraphIndex } from "../graph/model";
import type { AwsServices } from "./apigateway/rest/integrations/aws-service";
import type { ServiceApi } from "./aws/service-call";
import { accountOf } from "./iam/account";
import { InsideAccess, type InsideAccessOptions } from "./iam/inside-access";
import type { Keys as SigningKeys } from "./iam/sigv4/signed-headers";
import { InsideCalls } from "./inside-calls";
import { Keys } from "./kms/keys";
import { AsyncInvocations } from "./lambda/async-invocations";
import { EventSourceMappings } from "./lambda/event-sources/mappings";
import type { LocalCompute } from "./local-compute";
import { Pipes } from "./pipes/pipes";
import { isLoopbackHost } from "./ports/hosts";
import type { LogSink } from "./processes/lines";
import { BucketNotifications } from "./s3/notifications";
import { createPlannedSubscriptions, createPlannedTopics } from "./sns/planned-topics";
import { snsApi } from "./sns/sns-api";
import { Topics } from "./sns/topics";
import { createPlannedQueues } from "./sqs/planned-queues";
import { Queues } from "./sqs/queues";
import { sqsApi, urlOfQueue } from "./sqs/sqs-api";
import { TimeScale } from "./time-scale";

const s3 = "s3.amazonaws.com";

/** What is in a queue, as the console shows it. */
export interface QueueView {
  readonly region: string;
  readonly name: string;
  /** Messages that can be received, that are being handled, and whose time has not come. */
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** Options of `Messaging`. */
export interface MessagingOptions extends Pick<InsideAccessOptions, "access" | "sessionOf"> {
  /** @default real time */
  readonly time?: TimeScale;
  /** Milliseconds since the epoch. @default the clock of this machine */
  readonly now?: () => number;
  readonly log: LogSink;
  /** Origins that stand for planned ones, which are outside this machine. @default none */
  readonly standIns?: Readonly<Record<string, string>>;
  /** Returns the address of a region's DynamoDB, whose streams are read. */
  readonly tables: (region: string) => string;
  /** Returns what to sign with as a planned role. @throws {Error} for one that is not planned */
  readonly keysOf: (roleArn: string) => SigningKeys;
}

/**
 * What carries messages between services: the planned queues and topics of all regions, and the pipes and event source
 * mappings that hand them on. It is in memory, and ends with the platform.
 */
export class Messaging {
  readonly queues: Queues;
  readonly topics: Topics;
  readonly mappings: EventSourceMappings;
  /** What services of AWS do for each other. */
  readonly calls: InsideCalls;
  /** Is told of changes in buckets. */
  readonly notifications: BucketNotifications;
  private readonly later: AsyncInvocations;
  private readonly pipes: Pipes;
  private readonly keys: Keys;
  private compute: Pick<LocalCompute, "invoke"> | undefined;
  private url = "";

  /** @throws {UserError} on a setting that AWS would not take */
  constructor(
    private readonly index: GraphIndex,
    private readonly options: MessagingOptions,
  ) {
    const { time = new TimeScale(), now = Date.now, access, sessionOf, log } = options;
    const account = accountOf(index);
    this.keys = new Keys(index);
    const inside = new InsideAccess({ access, account, sessionOf });
    this.queues = new Queues({ account, time, now });
    createPlannedQueues(index, this.queues);
    const invoke = (arn: string, event: unknown) => this.invoke(arn, event);
    const tell = (arn: string, message: object, functionArn: string) =>
      this.calls.sendAs(this.calls.roleOfFunction(functionArn), arn, [JSON.stringify(message)]);
    this.later = new AsyncInvocations({ index, invoke, tell, time, log });
    this.calls = new InsideCalls({
      ...{ index, queues: this.queues, topics: () => this.topics, keys: this.keys, inside, invoke },
      later: (arn, event) => this.later.take(arn, event),
    });
    const { calls } = this;
    const targets = {
      ...{ time, log, origin: (endpoint: URL) => this.originOf(endpoint) },
      queue: (arn: string, topicArn: string) => calls.queueFor("sns.amazonaws.com", arn, topicArn),
      handTo: (arn: string, event: unknown, topicArn: string) =>
        calls.handTo("sns.amazonaws.com", arn, topicArn, event),
    };
    this.topics = new Topics({ account, time, now, targets, url: () => this.url });
    createPlannedTopics(index, this.topics);
    const clock = { time, now, log };
    const queue = (arn: string) => this.queues.at(arn);
    this.mappings = new EventSourceMappings({
      ...{ ...clock, queue, invoke },
      hasStream: (arn) => streamsOf(index).includes(arn),
      reading: (arn, functionArn) => this.reading(calls.roleOfFunction(functionArn), arn),
      receivingFrom: (arn, functionArn) => calls.receivingFrom(calls.roleOfFunction(functionArn), arn),
      tell,
    });
    this.mappings.createPlanned(index);
    this.notifications = new BucketNotifications(index, {
      log,
      invoke: async (arn, bucketArn, event) => calls.handTo(s3, arn, bucketArn, event),
      send: (arn, bucketArn, body) => void calls.queueFor(s3, arn, bucketArn).send({ body, senderId: s3 }),
      publish: (arn, bucketArn, text) => calls.publishFor(s3, arn, bucketArn, text),
    });
    this.pipes = new Pipes(index, {
      ...{ ...clock, queue },
      assume: (roleArn, pipeArn) => calls.assume("pipes.amazonaws.com", roleArn, pipeArn),
      receivingFrom: (arn, roleArn) => calls.receivingFrom(roleArn, arn),
      reading: (roleArn, arn) => this.reading(roleArn, arn),
      targets: (roleArn) => ({
        invoke: (arn, event) => calls.invokeAs(roleArn, arn, event),
        send: (arn, texts) => calls.sendAs(roleArn, arn, texts),
      }),
    });
  }

  /** Returns the APIs by their names in signatures. @param url  returns the address that they are called at */
  apis(url: () => string): Readonly<Record<string, ServiceApi>> {
    return { sqs: sqsApi(this.queues, url, this.keys), sns: snsApi(this.topics, this.keys) };
  }

  /** Begins to hand on what comes. @param url  address of the APIs @param compute  what runs functions */
  start(url: string, compute: Pick<LocalCompute, "invoke">): void {
    this.url = url;
    this.compute = compute;
    createPlannedSubscriptions(this.index, this.topics);
    this.mappings.start();
    this.pipes.start();
  }

  /** Returns the URLs of this machine by the planned URLs of the queues of each region. @param url  of the API */
  urls(url: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
    const byRegion = new Map<string, Map<string, string>>();
    for (const { region = "", outputs } of this.index.ofType("aws:sqs/queue:Queue")) {
      const own = byRegion.get(region) ?? new Map<string, string>();
      byRegion.set(region, own.set(outputs["url"], urlOfQueue(url, outputs["arn"])));
    }
    return byRegion;
  }

  /** Returns URLs of the queues of each region by name. @param url  of the API */
  namedUrls(url: string): Readonly<Record<string, Readonly<Record<string, string>>>> {
    const byRegion: Record<string, Record<string, string>> = {};
    for (const { arn, name } of this.queues.all) {
      const region = arn.split(":")[3]!;
      byRegion[region] = { ...byRegion[region], [name]: urlOfQueue(url, arn) };
    }
    return byRegion;
  }

  /** Returns what is in each queue at this moment. */
  views(): readonly QueueView[] {
    return this.queues.all.map((queue) => ({ region: queue.arn.split(":")[3]!, name: queue.name, ...queue.counts() }));
  }

  /** Adds the address of these APIs to those that gateways ask. */
  withApis(services: AwsServices, url: string): AwsServices {
    const names = Object.keys(this.apis(() => url));
    return { ...services, origin: (name, region) => (names.includes(name) ? url : services.origin(name, region)) };
  }

  /** Ends all waits and deliveries. */
  async stop(): Promise<void> {
    const ends = [this.mappings.stop(), this.pipes.stop()];
    this.queues.stop();
    this.topics.stop();
    this.later.stop();
    await Promise.all(ends);
  }

  private reading(roleArn: string, streamArn: string) {
    const { tables, keysOf } = this.options;
    return { url: () => tables(streamArn.split(":")[3]!), keys: () => keysOf(roleArn) };
  }

  private invoke(arn: string, event: unknown): Promise<unknown> {
    if (this.compute === undefined) throw new Error("functions have not started");
    return this.compute.invoke(arn, event);
  }

  private originOf({ origin, host }: URL): string | undefined {
    return this.options.standIns?.[origin] ?? (isLoopbackHost(host) ? origin : undefined);
  }
}

/** ARNs of the planned streams, those of replicas included. */
function streamsOf(index: GraphIndex): string[] {
  return index.ofType("aws:dynamodb/table:Table").flatMap(({ outputs }) => {
    const replicas: readonly { readonly streamArn?: string }[] = outputs["replicas"] ?? [];
    return [outputs["streamArn"], ...replicas.map(({ streamArn }) => streamArn)].filter((each) => each !== undefined);
  });
}
