import { request } from "undici";
import { DeliveryFailure, type DeliveryTargets } from "./delivery-targets";
import type { Envelope } from "./envelope";
import type { Publication } from "./publication";
import type { Subscription } from "./topic";

const timeoutMs = 15_000;

/**
 * Posts a notification, or a request for a confirmation, to an HTTP endpoint.
 * @param signal  ends the request
 * @throws {DeliveryFailure} unless it answers 2xx in time; 4xx but 429 is for good
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html
 */
export async function postNotification(
  { arn, raw, endpoint, protocol, pending }: Subscription,
  { publication, envelope }: { readonly publication?: Publication; readonly envelope: Envelope },
  { origin, log }: Pick<DeliveryTargets, "origin" | "log">,
  signal: AbortSignal,
): Promise<void> {
  const url = new URL(endpoint);
  const here = origin(url);
  if (here === undefined) {
    log(
      "sns",
      `${endpoint} is outside this machine and gets nothing; --legacy ${url.origin}=http://127.0.0.1:<port> names a stand-in`,
    );
    return;
  }
  const rawBody = raw && publication !== undefined;
  const headers = {
    "content-type": "text/plain; charset=UTF-8",
    "user-agent": "Amazon Simple Notification Service Agent",
    "x-amz-sns-message-type": String(envelope["Type"]),
    "x-amz-sns-message-id": String(envelope["MessageId"]),
    "x-amz-sns-topic-arn": String(envelope["TopicArn"]),
    ...(pending ? {} : { "x-amz-sns-subscription-arn": arn }),
    ...(rawBody && { "x-amz-sns-rawdelivery": "true" }),
  };
  const body = rawBody ? publication.text(protocol) : JSON.stringify(envelope);
  const timeouts = { headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
  const answer = await request(`${here}${url.pathname}${url.search}`, {
    method: "POST",
    headers,
    body,
    ...timeouts,
    signal,
  }).catch((error) => {
    throw new DeliveryFailure("ConnectionError", `${endpoint}: ${error.message}`, false);
  });
  await answer.body.dump();
  const { statusCode: status } = answer;
  if (status >= 200 && status < 300) return;
  throw new DeliveryFailure(String(status), `${endpoint} answered ${status}`, status < 500 && status !== 429);
}
