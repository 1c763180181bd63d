import type { Subscription } from "./topic";

/** How often, and after which delays, a delivery is repeated. */
export interface DeliveryPolicy {
  /** Returns the seconds before the next attempt, after so many; undefined when it was the last. */
  delayAfter(attempts: number): number | undefined;
}

/** Retries of AWS's own endpoints: 100,015 in all, over 23 days; the first fifteen are what a run here can see. */
const own = { immediate: 3, early: [1, 1], growing: 10, longest: 20 };

/**
 * Returns the policy of a subscription: that of HTTP endpoints can be set, by default three retries 20 s apart.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
 */
export function deliveryPolicyOf({ protocol, attributes }: Subscription): DeliveryPolicy {
  if (protocol !== "http" && protocol !== "https") return { delayAfter: delayOfOwn };
  const given = JSON.parse(attributes["DeliveryPolicy"] || "{}").healthyRetryPolicy ?? {};
  const { numRetries = 3, numNoDelayRetries = 0, numMinDelayRetries = 0, numMaxDelayRetries = 0 } = given;
  const { minDelayTarget: least = 20, maxDelayTarget: most = 20 } = given;
  const growing = numRetries - numNoDelayRetries - numMinDelayRetries - numMaxDelayRetries;
  return {
    delayAfter: (attempts) => {
      if (attempts > numRetries) return undefined;
      if (attempts <= numNoDelayRetries) return 0;
      const step = attempts - numNoDelayRetries - numMinDelayRetries;
      if (step <= 0) return least;
      // AWS's other functions between the two delays grow in other steps.
      return step > growing ? most : least + ((most - least) * step) / Math.max(1, growing);
    },
  };
}

function delayOfOwn(attempts: number): number {
  if (attempts <= own.immediate) return 0;
  const early = own.early[attempts - own.immediate - 1];
  return early ?? Math.min(own.longest, attempts - own.immediate);
}
