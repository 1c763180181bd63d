import { editsOf, type Threat, testsOf } from "./threat";

const queues = testsOf("tests/infra/gateway/work-queues.spec.ts");
const events = testsOf("tests/apps/queue-event.spec.ts");
const letters = testsOf("tests/infra/messaging/dead-letters.spec.ts");
const uploads = testsOf("tests/infra/messaging/uploads.spec.ts");
const outside = testsOf("tests/infra/messaging/subscribers.spec.ts");
const keys = testsOf("tests/apps/idempotency.spec.ts");
const prices = testsOf("tests/apps/price-cache.spec.ts");
const command = testsOf("tests/cli/dead-letters.spec.ts");
const httpIntegration = editsOf("infra/gateway/http/integration.ts");
const restIntegration = editsOf("infra/gateway/rest/integration.ts");
const workQueues = editsOf("infra/gateway/work-queues.ts");
const deliveryQueue = editsOf("infra/messaging/delivery-queue.ts");
const queue = editsOf("infra/messaging/queue.ts");
const messagingKey = editsOf("infra/messaging/messaging-key.ts");
const inbox = editsOf("infra/compute/inbox.ts");
const subscribers = editsOf("infra/messaging/subscribers.ts");
const queueEvent = editsOf("apps/kit/queue-event.ts");
const idempotency = editsOf("apps/kit/idempotency.ts");
const idempotentRoute = editsOf("apps/kit/idempotent-route.ts");
const priceCache = editsOf("apps/price-calculator/price-cache.ts");
const deadLetters = editsOf("cli/dead-letters/dead-letters.ts");

/** What waits in queues, is done once by its key, is kept for a while, or is sent to others. */
export const workThreats: readonly Threat[] = [
  {
    input: "Work whose body or header says that someone else sent it",
    result: "the service gets the subject of the verified token, which the gateway sends as the group of the message",
    test: queues("says who sends it by the verified token, and takes nothing but the body from the client"),
    removals: [[httpIntegration("MessageGroupId: caller", 'MessageGroupId: "$request.header.x-subject"')]],
  },
  {
    input: "Work whose body ends the message and adds fields to the request to SQS",
    result: "a text within the message: the template escapes it",
    test: queues("says so by the REST API too, whose template escapes what a client writes"),
    removals: [[restIntegration("`$util.escapeJavaScript($input.body)", "`$input.body")]],
  },
  {
    input: "A gateway that is made to send to another service's queue",
    result: "denied: each service's role sends to its own queues alone",
    test: queues("is sent by a role that may send to the queues of one service, and nothing else"),
    removals: [[workQueues('allow(["sqs:SendMessage"], queue.arn)', 'allow(["sqs:SendMessage"], "*")')]],
  },
  {
    input: "A message that never succeeds, so that the others wait for it",
    result: "those of its batch are taken; after ten times it is a dead letter, and an alarm goes off",
    test: events("are handed to the route of their queue, and only those that fail stay"),
    removals: [[queueEvent("return [{ itemIdentifier: id }];", "throw error;")]],
  },
  {
    input: "Someone else's idempotency key, to read the answer to it",
    result: "another key: callers, issuers and routes have their own",
    test: keys("keeps the keys of callers, issuers and routes apart"),
    removals: [[idempotency('"[caller, key]"', '"[key]"')]],
  },
  {
    input: "One's own key again with another body, to have an answer pass for another request's",
    result: "422",
    test: keys("refuses a request without a key, with an invalid one, and with one that had another body"),
    removals: [[idempotency('payloadValidationJmesPath: "body",', "")]],
  },
  {
    input: "A key with a request that no gateway has verified",
    result: "400",
    test: keys("keeps the keys of callers, issuers and routes apart"),
    removals: [[idempotentRoute("if (caller === undefined)", "if (caller === null)")]],
  },
  {
    input: "An old change of a price, sent again to have a lower price quoted",
    result: "the change with the higher version stays",
    test: prices("takes the price of a change, of two changes that of the later one, however often and late they come"),
    removals: [[priceCache(', ifNewerBy: "version" }', " }")]],
  },
  {
    input: "A price that is asked for while it changes, to keep the old one",
    result: "the answer counts as two seconds older than it is, and the change stays",
    test: prices("does not let an answer replace the price of a change that came while the store was asked"),
    removals: [[priceCache("(now() - clockSkewMilliseconds) * 1_000", "(now() + clockSkewMilliseconds) * 1_000")]],
  },
  {
    input: "Someone who sends changes to a subscriber and claims to be the platform",
    result: "has no signature of SNS, which the messages have that are sent to programs outside",
    test: outside("gets SNS's own message with its signature"),
    removals: [[subscribers("        protocol,\n", "        protocol,\n        rawMessageDelivery: true,\n")]],
  },
  {
    input: "Another bucket, or one of another account, that tells a queue of uploads",
    result: "denied by the policies of the queue and of its key",
    test: uploads("fill a queue in each region, which the bucket alone may fill, and for the prefix of the contract"),
    removals: [
      [queue('StringEquals: { "aws:SourceAccount": account }, ', "")],
      [messagingKey('Condition: { StringEquals: { "aws:SourceAccount": account } },', "")],
    ],
  },
  {
    input: "An upload outside the prefix of the contract",
    result: "the service is not told of it",
    test: uploads("fill a queue in each region, which the bucket alone may fill, and for the prefix of the contract"),
    removals: [[inbox(", filterPrefix: prefix", "")]],
  },
  {
    input: "Dead letters that a service reads, deletes or moves to a queue of its choice",
    result: "no role of the program may: an operator redrives them, to the queue that they come from",
    test: letters(
      "go back to the one queue that they come from, and no role of the program may move, read or delete them",
    ),
    removals: [
      [
        deliveryQueue(
          '{ redrivePermission: "byQueue", sourceQueueArns: [queue.arn] }',
          '{ redrivePermission: "allowAll" }',
        ),
      ],
      [
        inbox(
          "Object.values(inbox.inlets).map(({ queue }) => queue.arn)",
          "Object.values(inbox.inlets).flatMap(({ queue }) => [queue.arn, queue.deadLetters.arn])",
        ),
      ],
    ],
  },
  {
    input: "Dead letters of another program in the account, and the command that sends all again",
    result: "left alone: the command knows the queues of the stack outputs",
    test: command("leaves the queues of other programs in the account alone"),
    removals: [
      [
        deadLetters(
          "part?.deadLetters ?? []",
          '(part?.deadLetters ?? []).flatMap((url) => [url, url.replace(/[^/]+$/, "theirs-dead")])',
        ),
      ],
    ],
  },
];
