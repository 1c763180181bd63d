import { setMaxListeners } from "node:events";
import type { MessageAttributes } from "../sqs/message-attributes";
import type { Queue } from "../sqs/queue";
import { deliveryPolicyOf } from "./delivery-policy";
import { DeliveryFailure, type DeliveryTargets } from "./delivery-targets";
import { type Envelope, functionRecord } from "./envelope";
import { postNotification } from "./http-endpoint";
import type { Publication } from "./publication";
import type { Subscription } from "./topic";

/** SQS takes ten attributes of a message; SNS discards a raw one with more as the sender's error. */
const mostAttributes = 10;
const sender = "AIDAISMY7JYY5F7RTT6AO";

/** Delivers messages to subscriptions, repeats what failed, and keeps in a dead letter queue what failed for good. */
export class Deliveries {
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly ended = new AbortController();

  constructor(private readonly targets: DeliveryTargets) {
    // One for each request that is under way.
    setMaxListeners(0, this.ended.signal);
  }

  /** @param envelope  the notification as JSON; unset for one that asks for a confirmation */
  async deliver(subscription: Subscription, publication: Publication, envelope: Envelope, attempt = 1): Promise<void> {
    try {
      await this.attempt(subscription, publication, envelope);
    } catch (error) {
      if (this.ended.signal.aborted) return;
      const failure =
        error instanceof DeliveryFailure ? error : new DeliveryFailure("", (error as Error).message, true);
      const seconds = failure.permanent ? undefined : deliveryPolicyOf(subscription).delayAfter(attempt);
      if (seconds === undefined) return this.giveUp(subscription, publication, envelope, failure);
      this.targets.log("sns", `${subscription.arn} is tried again in ${seconds} s: ${failure.message}`);
      this.after(seconds, () => void this.deliver(subscription, publication, envelope, attempt + 1));
    }
  }

  /** Asks an endpoint to confirm its subscription, once. */
  async askToConfirm(subscription: Subscription, envelope: Envelope): Promise<void> {
    const { targets, ended } = this;
    await postNotification(subscription, { envelope }, targets, ended.signal).catch((error) => {
      if (ended.signal.aborted) return;
      targets.log("sns", `${subscription.endpoint} was not asked to confirm its subscription: ${error.message}`);
    });
  }

  /** Ends what is under way, and what waits to be repeated. */
  stop(): void {
    this.ended.abort();
    for (const timer of this.timers) clearTimeout(timer);
  }

  private async attempt(subscription: Subscription, publication: Publication, envelope: Envelope): Promise<void> {
    const { protocol, endpoint, topicArn, raw } = subscription;
    switch (protocol) {
      case "sqs":
        if (raw && Object.keys(publication.attributes).length > mostAttributes) {
          throw new DeliveryFailure("InvalidParameterValue", "a raw message has more than 10 attributes", true);
        }
        this.send(this.queueOf(endpoint, topicArn), subscription, publication, envelope);
        return;
      case "lambda":
        this.handTo(subscription, envelope);
        return;
      case "http":
      case "https":
        return postNotification(subscription, { publication, envelope }, this.targets, this.ended.signal);
      default:
        // E-mail for people: the mailbox is the log.
        this.targets.log(
          "mailbox",
          `to ${endpoint}: ${publication.subject ?? "AWS Notification Message"}: ${publication.text(protocol)}`,
        );
    }
  }

  private handTo(subscription: Subscription, envelope: Envelope): void {
    const { endpoint, topicArn } = subscription;
    try {
      this.targets.handTo(endpoint, { Records: [functionRecord(subscription, envelope)] }, topicArn);
    } catch (error) {
      throw new DeliveryFailure("AccessDenied", (error as Error).message, true);
    }
  }

  private queueOf(arn: string, topicArn: string): Queue {
    try {
      return this.targets.queue(arn, topicArn);
    } catch (error) {
      throw new DeliveryFailure("AccessDenied", (error as Error).message, true);
    }
  }

  private send(
    queue: Queue,
    { raw, protocol }: Subscription,
    { text, attributes, groupId, deduplicationId }: Publication,
    envelope: Envelope,
    more: MessageAttributes = {},
  ): void {
    queue.send({
      body: raw ? text(protocol) : JSON.stringify(envelope),
      senderId: sender,
      attributes: { ...(raw ? attributes : {}), ...more },
      ...(queue.has.fifo && { groupId: groupId!, deduplicationId: deduplicationId! }),
    });
  }

  private giveUp(subscription: Subscription, publication: Publication, envelope: Envelope, failure: DeliveryFailure) {
    const { arn, deadLetterArn, topicArn } = subscription;
    this.targets.log("sns", `${arn} did not get message ${publication.id}: ${failure.message}`);
    if (deadLetterArn === undefined) return;
    try {
      const text = (StringValue: string) => ({ DataType: "String", StringValue });
      const reason = { ErrorCode: text(failure.code || "ClientError"), ErrorMessage: text(failure.message) };
      const queue = this.targets.queue(deadLetterArn, topicArn);
      this.send(queue, subscription, publication, envelope, { RequestID: text(publication.id), ...reason });
    } catch (error) {
      this.targets.log("sns", `${arn}: its dead letter queue took nothing: ${(error as Error).message}`);
    }
  }

  private after(seconds: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      work();
    }, this.targets.time.ms(seconds));
    this.timers.add(timer);
  }
}
