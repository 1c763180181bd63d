import { editsOf, type Threat, testsOf } from "./threat";

const events = testsOf("tests/apps/queue-event.spec.ts");
const deliveries = testsOf("tests/apps/deliveries.spec.ts");
const consumers = testsOf("tests/infra/messaging/consumers.spec.ts");
const changes = testsOf("tests/infra/messaging/item-changes.spec.ts");
const queueEvent = editsOf("apps/kit/queue-event.ts");
const uploadEvent = editsOf("apps/kit/upload-event.ts");
const contract = editsOf("apps/kit/contract.ts");
const queue = editsOf("infra/messaging/queue.ts");
const resourcePolicy = editsOf("infra/security/resource-policy.ts");

/** What comes to a service as a message, or asks for the way that messages take. */
export const messageThreats: readonly Threat[] = [
  {
    input: "A client's request that has the form of a queue's event",
    result: "a request like any other",
    test: events("do not come from a client, no matter what it writes in a request"),
    removals: [
      [queueEvent('return "Records" in event && !("requestContext" in event);', 'return "Records" in event;')],
    ],
  },
  {
    input: "A message in a queue without a route",
    result: "it stays there; no message names its route",
    test: events("stay when their queue has no route, which no message can choose"),
    removals: [[queueEvent("routes.get(queue);", "routes.get(queue) ?? [...routes.values()][0];")]],
  },
  {
    input: "A message of another service, without a version, or that is no JSON",
    result: "refused by the route; a dead letter in the end, and the others of its batch are taken",
    test: events("are handed to the route of their queue, and only those that fail stay"),
    removals: [[queueEvent("if (status < 200 || status > 299) throw", "if (status < 200) throw")]],
  },
  {
    input: "A notification of S3 in another form",
    result: "it stays in the queue, and calls nothing",
    test: events("of another form stay in the queue"),
    removals: [
      [
        uploadEvent(
          'if (data === undefined) throw new Error("a message of a queue of uploads must be a notification of S3");',
          "if (data === undefined) return [];",
        ),
      ],
    ],
  },
  {
    input: "A client's request to a route of the platform",
    result: "no gateway has it, and no published document names it",
    test: deliveries("are in no gateway, in no published document and in no list of what a gateway checks"),
    removals: [[contract('each[1].access !== "platform"', "each[1].access !== undefined")]],
  },
  {
    input: "Another topic that puts messages into a consumer's queue",
    result: "denied by the queue's policy",
    test: consumers("comes from the region's own topic, as it was published, and what does not arrive is kept"),
    removals: [[queue(', ArnEquals: { "aws:SourceArn": sourceArn }', "")]],
  },
  {
    input: "A message that is published without TLS",
    result: "denied by the topic's policy",
    test: changes("are taken by TLS alone, and signed with SHA-256"),
    removals: [[resourcePolicy('"aws:SecureTransport": "false"', '"aws:SecureTransport": "true"')]],
  },
];
