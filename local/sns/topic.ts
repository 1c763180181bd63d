import { randomUUID } from "node:crypto";
import { isJsonObject } from "../aws/json-object";
import type { QueueAttributes } from "../sqs/queue-settings";
import { SentIds } from "../sqs/sent-ids";
import { type Filter, type FilterScope, readFilter } from "./filter-policy";
import { invalidParameter } from "./sns-error";

/** Attributes of topics and subscriptions as SNS has them: texts by name. */
export type SnsAttributes = QueueAttributes;

/** What a topic sends its messages to. */
export class Subscription {
  /** What a person or server confirms it with. */
  readonly token = `${randomUUID()}${randomUUID()}`.replaceAll("-", "");
  private filter: Filter | undefined;

  /** @param pending  whether it waits for a confirmation */
  constructor(
    readonly arn: string,
    readonly topicArn: string,
    readonly protocol: string,
    readonly endpoint: string,
    public attributes: SnsAttributes,
    public pending: boolean,
  ) {
    this.change(attributes);
  }

  get raw(): boolean {
    return this.attributes["RawMessageDelivery"] === "true";
  }

  /** ARN of the queue for what cannot be delivered. @default none */
  get deadLetterArn(): string | undefined {
    const { RedrivePolicy: text = "" } = this.attributes;
    return text === "" ? undefined : JSON.parse(text).deadLetterTargetArn;
  }

  /** @throws {AwsError} InvalidParameter */
  change(given: SnsAttributes): void {
    for (const [name, value] of Object.entries(given)) {
      if (!known.includes(name)) throw invalidParameter("AttributeName");
      if (name === "RawMessageDelivery" && !["true", "false"].includes(value)) {
        throw invalidParameter(`RawMessageDelivery: Invalid value [${value}]. Must be true or false.`);
      }
      if (documents.includes(name) && value !== "" && !isJsonObject(value)) {
        throw invalidParameter(`${name}: failed to parse JSON.`);
      }
      if (name === "FilterPolicyScope" && !["MessageAttributes", "MessageBody"].includes(value)) {
        throw invalidParameter(
          `FilterPolicyScope: Invalid value [${value}]. Please use either MessageBody or MessageAttributes`,
        );
      }
    }
    const attributes = { ...this.attributes, ...given };
    const { FilterPolicy: policy = "", FilterPolicyScope: scope = "MessageAttributes" } = attributes;
    this.filter = policy === "" || policy === "{}" ? undefined : readFilter(policy, scope as FilterScope);
    this.attributes = attributes;
  }

  /** Tells whether it takes a message. */
  readonly takes: Filter = (message) => !this.pending && (this.filter?.(message) ?? true);
}

const documents = ["RedrivePolicy", "DeliveryPolicy"];
const known = ["RawMessageDelivery", "FilterPolicy", "FilterPolicyScope", "RedrivePolicy", "DeliveryPolicy"];

/** A topic of SNS with its subscriptions. */
export class Topic {
  readonly subscriptions: Subscription[] = [];
  /** Ids of the messages of a FIFO topic by their ids for deduplication. */
  readonly sent = new SentIds<string>();
  private sequence = 10n ** 19n;

  constructor(
    readonly arn: string,
    public attributes: SnsAttributes,
  ) {}

  get fifo(): boolean {
    return this.arn.endsWith(".fifo");
  }

  nextSequence(): string {
    return String(this.sequence++);
  }
}
