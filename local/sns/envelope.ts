import { randomUUID } from "node:crypto";
import type { Publication } from "./publication";
import type { Signer } from "./signer";
import type { Subscription, Topic } from "./topic";

/** What SNS sends to a subscription that is not raw, as JSON. */
export type Envelope = Readonly<Record<string, unknown>>;

/** Writes what SNS sends, signed. URLs begin with the address of the API, where AWS's begin with that of the region. */
export class Envelopes {
  /** @param url  returns the address of the API */
  constructor(
    private readonly signer: Signer,
    private readonly url: () => string,
  ) {}

  get certificateUrl(): string {
    return `${this.url()}${certificatePath}`;
  }

  /** Returns the notification of a message for a subscription. */
  async notification(topic: Topic, publication: Publication, subscription: Subscription): Promise<Envelope> {
    const { id, topicArn, subject, timestamp, sequenceNumber, attributes } = publication;
    const version = topic.attributes["SignatureVersion"] ?? "1";
    const Message = publication.text(subscription.protocol);
    const unsigned = {
      Type: "Notification",
      MessageId: id,
      TopicArn: topicArn,
      Subject: subject,
      Message,
      Timestamp: timestamp,
    };
    const names = Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => {
      return [name, { Type: DataType, Value: StringValue ?? BinaryValue }] as const;
    });
    return {
      ...{ Type: "Notification", MessageId: id },
      ...(sequenceNumber !== undefined && { SequenceNumber: sequenceNumber }),
      TopicArn: topicArn,
      ...(subject !== undefined && { Subject: subject }),
      ...{ Message, Timestamp: timestamp, SignatureVersion: version },
      Signature: await this.signer.sign(unsigned, version),
      SigningCertURL: this.certificateUrl,
      UnsubscribeURL: `${this.url()}/?Action=Unsubscribe&SubscriptionArn=${subscription.arn}`,
      ...(names.length > 0 && { MessageAttributes: Object.fromEntries(names) }),
    };
  }

  /** Returns the message by which an endpoint is asked to confirm a subscription. */
  async confirmation(topic: Topic, { token: Token }: Subscription, timestamp: string): Promise<Envelope> {
    const version = topic.attributes["SignatureVersion"] ?? "1";
    const unsigned = {
      ...{ Type: "SubscriptionConfirmation", MessageId: randomUUID(), Token, TopicArn: topic.arn },
      Message: `You have chosen to subscribe to the topic ${topic.arn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
      SubscribeURL: `${this.url()}/?Action=ConfirmSubscription&TopicArn=${topic.arn}&Token=${Token}`,
      Timestamp: timestamp,
    };
    const Signature = await this.signer.sign(unsigned, version);
    return { ...unsigned, SignatureVersion: version, Signature, SigningCertURL: this.certificateUrl };
  }
}

/** Path of the certificate at the address of the API. */
export const certificatePath = "/SimpleNotificationService-local.pem";

/** Returns the record that a function gets. */
export function functionRecord({ arn }: Subscription, envelope: Envelope): object {
  const { SigningCertURL, UnsubscribeURL, Subject = null, MessageAttributes = {}, ...others } = envelope;
  const Sns = { ...others, Subject, MessageAttributes, SigningCertUrl: SigningCertURL, UnsubscribeUrl: UnsubscribeURL };
  return { EventSource: "aws:sns", EventVersion: "1.0", EventSubscriptionArn: arn, Sns };
}
