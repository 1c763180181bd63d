import { N } from "../../network/tokens";
import type { Rule } from "../../pack/rule";
import { at, number, text } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import type { Stack } from "../../stack/stack";
import { T } from "../../stack/types";
import { peek, UNKNOWN } from "../../stack/unknown";

const streamTypes = [T.table, "aws:kinesis/stream:Stream"];

/** Availability rules for what queues and streams deliver after an outage. */
export const streamsRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "stream-retries-bounded",
    types: [N.eventSource],
    description: "A function that reads a stream gives up a record that it cannot process, and stores it elsewhere.",
    rationale:
      "By default Lambda repeats a failing batch until its records expire, and all later ones of the shard wait.",
    fix: "set maximumRetryAttempts or maximumRecordAgeInSeconds, and destinationConfig.onFailure",
    severity: "high",
    level: "production",
    lowUnless: ["operated"],
    ids: { availability: 57 },
    url: "https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html",
    check(mapping, { stack, report }) {
      if (sourceOf(mapping, stack) !== "stream") return;
      const attempts = number(mapping.props["maximumRetryAttempts"]) ?? -1;
      const age = number(mapping.props["maximumRecordAgeInSeconds"]) ?? -1;
      if (attempts < 0 && age < 0)
        return report(
          mapping,
          "must give up a failing record, got neither maximumRetryAttempts nor maximumRecordAgeInSeconds",
          "set maximumRetryAttempts, or maximumRecordAgeInSeconds, and destinationConfig.onFailure.destinationArn to a queue",
        );
      const destination = peek(() => at(mapping.props, "destinationConfig.onFailure.destinationArn"));
      if (destination === undefined || destination === "")
        report(
          mapping,
          "must store the records that it gives up, got no destinationConfig.onFailure",
          "set destinationConfig.onFailure.destinationArn to the ARN of a queue or topic",
        );
    },
  },
  {
    scope: "stack",
    name: "trigger-concurrency",
    types: [N.eventSource],
    description:
      "A queue's trigger runs at most a stated number of executions, and no more than the function reserves.",
    rationale:
      "After an outage the backlog takes all executions of the account; beyond a reservation messages are refused until they are dead letters.",
    fix: "set scalingConfig.maximumConcurrency to the function's share of the account's concurrency or less",
    severity: "low",
    level: "advisory",
    ids: { availability: 58 },
    url: "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html",
    check(mapping, { stack, report }) {
      if (sourceOf(mapping, stack) !== "queue") return;
      const most = number(at(mapping.props, "scalingConfig.maximumConcurrency"));
      if (most === undefined)
        return report(mapping, "must have a limit of concurrent executions, got no scalingConfig.maximumConcurrency");
      for (const lambda of stack.targets(mapping, "functionName", T.function)) {
        const reserved = number(lambda.props["reservedConcurrentExecutions"]);
        if (reserved !== undefined && reserved >= 0 && most > reserved)
          report(
            mapping,
            `must run no more than the ${reserved} executions that ${lambda} reserves, got ${most}`,
            `set scalingConfig.maximumConcurrency to ${Math.max(2, reserved)}`,
          );
      }
    },
  },
];

/** What a mapping reads, by the ARN or by what the ARN was made from; mappings of Kafka and MQ have other arguments. */
function sourceOf(mapping: Resource, stack: Stack): "queue" | "stream" | undefined {
  if (peek(() => mapping.props["enabled"]) === false) return undefined;
  const arn = peek(() => text(mapping.props["eventSourceArn"]));
  if (arn !== UNKNOWN && arn.startsWith("arn:")) {
    if (/^arn:[\w-]+:sqs:/.test(arn)) return "queue";
    return /^arn:[\w-]+:(kinesis|dynamodb):/.test(arn) ? "stream" : undefined;
  }
  if (stack.dependencies(mapping, "eventSourceArn", streamTypes).length > 0) return "stream";
  return stack.dependencies(mapping, "eventSourceArn", ["aws:sqs/queue:Queue"]).length > 0 ? "queue" : undefined;
}
