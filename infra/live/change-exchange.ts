import * as pulumi from "@pulumi/pulumi";
import type { LiveOutputs } from "../contract/layer-outputs";
import { subscribeQueue } from "../messaging/subscription";
import { createProvider } from "../region/other-region";

/** One of two regions that hear of each other's changes. */
export interface ExchangingRegion {
  readonly region: string;
  /** Topics of its changes, by the service that publishes them. */
  readonly topicArns: Readonly<Record<string, pulumi.Input<string>>>;
  readonly live: Pick<LiveOutputs, "queueArn" | "deadLettersArn">;
}

/** Arguments of `ChangeExchange`. */
export interface ChangeExchangeArgs {
  /** The region of the component. */
  readonly own: ExchangingRegion;
  readonly other: ExchangingRegion;
}

/**
 * Subscribes the queue of each of two regions to the topics of the other. The region that is deployed later makes both:
 * it alone knows both. A subscription is in the region of its topic, and so are the dead letters of it.
 */
export class ChangeExchange extends pulumi.ComponentResource {
  constructor(name: string, { own, other }: ChangeExchangeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:live:ChangeExchange", name, {}, opts);
    const provider = createProvider(name, other.region);
    this.subscribe(name, own, other, { parent: this });
    this.subscribe(name, other, own, { parent: this, provider });
    this.registerOutputs({});
  }

  private subscribe(
    name: string,
    from: ExchangingRegion,
    to: ExchangingRegion,
    opts: pulumi.CustomResourceOptions,
  ): void {
    const { queueArn } = to.live;
    const { deadLettersArn } = from.live;
    for (const [service, topicArn] of Object.entries(from.topicArns)) {
      subscribeQueue(`${name}-${service}-to-${to.region}`, { topicArn, queueArn, deadLettersArn }, opts);
    }
  }
}
