import { randomUUID } from "node:crypto";
import type { TimeScale } from "../time-scale";
import { Deliveries } from "./delivery";
import type { DeliveryTargets } from "./delivery-targets";
import { Envelopes } from "./envelope";
import { type Publication, type PublishInput, publicationOf } from "./publication";
import { Signer } from "./signer";
import { invalidParameter, notFound } from "./sns-error";
import { type SnsAttributes, Subscription, Topic } from "./topic";

/** Options of `Topics`. */
export interface TopicsOptions {
  readonly account: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly time: TimeScale;
  readonly targets: DeliveryTargets;
  /** Returns the address of the API. */
  readonly url: () => string;
}

/** What a subscription is to be. */
export interface NewSubscription {
  readonly protocol: string;
  readonly endpoint: string;
  readonly attributes?: SnsAttributes;
  /** @default a new one */
  readonly arn?: string;
}

const deduplicationSeconds = 300;

/** The topics of all regions. Messages are handed on while they are published; what is repeated is kept in memory. */
export class Topics {
  readonly signer = new Signer();
  private readonly byArn = new Map<string, Topic>();
  private readonly envelopes: Envelopes;
  private readonly deliveries: Deliveries;

  constructor(private readonly options: TopicsOptions) {
    this.envelopes = new Envelopes(this.signer, options.url);
    this.deliveries = new Deliveries(options.targets);
  }

  get all(): readonly Topic[] {
    return [...this.byArn.values()];
  }

  get subscriptions(): readonly Subscription[] {
    return this.all.flatMap((topic) => topic.subscriptions);
  }

  /**
   * Returns the topic with an ARN, for a call in a region.
   * @param parameter  as the error names it
   * @throws {AwsError} NotFound, InvalidParameter for one of another region
   */
  at(arn: string, region: string, parameter = "TopicArn"): Topic {
    const [, , service, itsRegion] = arn.split(":");
    if (service !== "sns" || itsRegion !== region) throw invalidParameter(parameter);
    const topic = this.byArn.get(arn);
    if (topic === undefined) throw notFound();
    return topic;
  }

  /** Makes a topic, or returns the one of that name. */
  create(region: string, name: string, attributes: SnsAttributes = {}): Topic {
    if (!/^[\w-]{1,256}(\.fifo)?$/.test(name)) throw invalidParameter("Topic Name");
    const arn = `arn:aws:sns:${region}:${this.options.account}:${name}`;
    const topic = this.byArn.get(arn) ?? new Topic(arn, attributes);
    this.byArn.set(arn, topic);
    return topic;
  }

  delete(arn: string): void {
    this.byArn.delete(arn);
  }

  /** Publishes a message. Resolves when queues have it; other endpoints get it afterwards. @throws {AwsError} */
  async publish(topic: Topic, input: PublishInput): Promise<Publication> {
    const { now, time } = this.options;
    const made = publicationOf(topic, input, now());
    if (!topic.fifo) return this.handOn(topic, made);
    const earlier = topic.sent.find(made.deduplicationId!, now());
    const publication = { ...made, sequenceNumber: topic.nextSequence() };
    if (earlier !== undefined) return { ...publication, id: earlier };
    topic.sent.add(made.deduplicationId!, made.id, now() + time.ms(deduplicationSeconds));
    return this.handOn(topic, publication);
  }

  /** Adds a subscription, or returns the one to the same endpoint. @throws {AwsError} */
  subscribe(topic: Topic, { protocol, endpoint, attributes = {}, arn }: NewSubscription): Subscription {
    if (!protocols.includes(protocol)) throw invalidParameter("Amazon SNS does not support this protocol string");
    if (protocol === "sqs" && endpoint.endsWith(".fifo") && !topic.fifo) {
      const reason = "FIFO SQS Queues can not be subscribed to standard SNS topics";
      throw invalidParameter(`Invalid parameter: Endpoint Reason: ${reason}`);
    }
    const known = topic.subscriptions.find((each) => each.protocol === protocol && each.endpoint === endpoint);
    if (known !== undefined) return known;
    // An account may subscribe its own queues and functions; others are asked. The mailbox here confirms for people.
    const pending = protocol === "http" || protocol === "https";
    const made = new Subscription(
      arn ?? `${topic.arn}:${randomUUID()}`,
      topic.arn,
      protocol,
      endpoint,
      attributes,
      pending,
    );
    topic.subscriptions.push(made);
    if (pending) void this.askToConfirm(topic, made);
    return made;
  }

  /** @throws {AwsError} */
  confirm(topic: Topic, token: string): Subscription {
    const found = topic.subscriptions.find((each) => each.token === token);
    if (found === undefined) throw invalidParameter("Token");
    found.pending = false;
    return found;
  }

  /** @throws {AwsError} NotFound */
  subscription(arn: string): Subscription {
    const found = this.subscriptions.find((each) => each.arn === arn);
    if (found === undefined) throw notFound("Subscription");
    return found;
  }

  unsubscribe(arn: string): void {
    for (const { subscriptions } of this.byArn.values()) {
      const position = subscriptions.findIndex((each) => each.arn === arn);
      if (position >= 0) subscriptions.splice(position, 1);
    }
  }

  stop(): void {
    this.deliveries.stop();
  }

  private async handOn(topic: Topic, publication: Publication): Promise<Publication> {
    const { attributes, text } = publication;
    const taking = topic.subscriptions.filter((each) => each.takes({ attributes, body: text(each.protocol) }));
    const deliveries = taking.map(async (each) => {
      const delivered = this.deliveries.deliver(
        each,
        publication,
        await this.envelopes.notification(topic, publication, each),
      );
      if (each.protocol === "sqs") await delivered;
    });
    await Promise.all(deliveries);
    return publication;
  }

  private async askToConfirm(topic: Topic, subscription: Subscription): Promise<void> {
    const timestamp = new Date(this.options.now()).toISOString();
    await this.deliveries.askToConfirm(subscription, await this.envelopes.confirmation(topic, subscription, timestamp));
  }
}

const protocols = ["http", "https", "email", "email-json", "sms", "sqs", "application", "lambda", "firehose"];
