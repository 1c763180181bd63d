import type { GraphIndex } from "../graph/model";
import type { AwsServices } from "./apigateway/rest/integrations/aws-service";
import type { ServiceApi } from "./aws/service-call";
import { accountOf } from "./iam/account";
import { InsideAccess, type InsideAccessOptions } from "./iam/inside-access";
import { Keys } from "./kms/keys";
import type { LocalCompute } from "./local-compute";
import { isLoopbackHost } from "./ports/hosts";
import type { LogSink } from "./processes/lines";
import { createPlannedSubscriptions, createPlannedTopics } from "./sns/planned-topics";
import { snsApi } from "./sns/sns-api";
import { Topics } from "./sns/topics";
import { createPlannedQueues } from "./sqs/planned-queues";
import type { Queue } from "./sqs/queue";
import { Queues } from "./sqs/queues";
import { sendAsks, sqsApi, urlOfQueue } from "./sqs/sqs-api";
import { TimeScale } from "./time-scale";

/** Options of `Messaging`. */
export interface MessagingOptions extends Pick<InsideAccessOptions, "access" | "sessionOf"> {
  /** @default real time */
  readonly time?: TimeScale;
  /** Milliseconds since the epoch. @default the clock of this machine */
  readonly now?: () => number;
  readonly log: LogSink;
  /** Origins that stand for planned ones, which are outside this machine. @default none */
  readonly standIns?: Readonly<Record<string, string>>;
}

/** What carries messages between services: the planned queues and topics of all regions. It is in memory, and ends with the platform. */
export class Messaging {
  readonly queues: Queues;
  readonly topics: Topics;
  private readonly keys: Keys;
  private readonly inside: InsideAccess;
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
    this.inside = new InsideAccess({ access, account, sessionOf });
    this.queues = new Queues({ account, time, now });
    createPlannedQueues(index, this.queues);
    const targets = {
      ...{ time, log },
      queue: (arn: string, topicArn: string) => this.queueFor("sns.amazonaws.com", arn, topicArn),
      invoke: (arn: string, event: unknown) => this.invoke(arn, event),
      origin: (endpoint: URL) => this.originOf(endpoint),
    };
    this.topics = new Topics({ account, time, now, targets, url: () => this.url });
    createPlannedTopics(index, this.topics);
  }

  /** Returns the APIs by their names in signatures. @param url  returns the address that they are called at */
  apis(url: () => string): Readonly<Record<string, ServiceApi>> {
    return { sqs: sqsApi(this.queues, url, this.keys), sns: snsApi(this.topics, this.keys) };
  }

  /** Makes the subscriptions. @param url  address of the APIs @param compute  what runs functions */
  start(url: string, compute: Pick<LocalCompute, "invoke">): void {
    this.url = url;
    this.compute = compute;
    createPlannedSubscriptions(this.index, this.topics);
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

  /** Adds the address of these APIs to those that gateways ask. */
  withApis(services: AwsServices, url: string): AwsServices {
    const names = Object.keys(this.apis(() => url));
    return { ...services, origin: (name, region) => (names.includes(name) ? url : services.origin(name, region)) };
  }

  /** Ends all waits and deliveries. */
  stop(): void {
    this.queues.stop();
    this.topics.stop();
  }

  /**
   * Returns a queue that a service of AWS may send to.
   * @throws {AccessDenied} @throws {Error} when there is none
   */
  private queueFor(principal: string, arn: string, sourceArn: string): Queue {
    const queue = this.queues.at(arn);
    if (queue === undefined) throw new Error(`there is no queue ${arn}`);
    this.inside.asService(principal, sourceArn, arn.split(":")[3]!, sendAsks(queue, this.keys));
    return queue;
  }

  private invoke(arn: string, event: unknown): Promise<unknown> {
    if (this.compute === undefined) throw new Error("functions have not started");
    return this.compute.invoke(arn, event);
  }

  private originOf({ origin, host }: URL): string | undefined {
    return this.options.standIns?.[origin] ?? (isLoopbackHost(host) ? origin : undefined);
  }
}
