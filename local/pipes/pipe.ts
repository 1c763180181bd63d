import { failedItems } from "../lambda/event-sources/batch-response";
import { FunctionFailure } from "../local-compute";
import { type PipeVariables, transformed } from "./input-template";

/** What a pipe sends to, as its role. */
export interface PipeTargets {
  /** @throws {FunctionFailure} @throws {AccessDenied} */
  invoke(functionArn: string, event: unknown): Promise<unknown>;
  /** Sends texts to a queue or topic, in one call. @throws {Error} */
  send(arn: string, texts: readonly string[]): Promise<void>;
}

/** A function that a pipe asks, or what it sends to, with the template of its input. */
export interface PipeStep {
  readonly arn: string;
  readonly template?: string;
}

/** A pipe, apart from its source. */
export interface PipeSettings {
  readonly arn: string;
  readonly name: string;
  readonly sourceArn: string;
  readonly enrichment?: PipeStep;
  readonly target: PipeStep;
}

/** Messages that queues and topics take in one call. */
const mostMessages = 10;

/**
 * Sends the records of one batch on.
 * @returns ids of the records that a function says it has not handled; none for success
 * @throws {Error} when all of them have failed
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html
 */
export async function sendOn(
  pipe: PipeSettings,
  records: readonly object[],
  targets: PipeTargets,
): Promise<readonly string[]> {
  const { enrichment, target } = pipe;
  let inputs: readonly unknown[] = records;
  if (enrichment !== undefined) {
    const given = records.map((record) => transformed(enrichment.template, record, variablesOf(pipe)));
    const answer = await targets.invoke(enrichment.arn, given);
    inputs = Array.isArray(answer) ? answer : answer === null || answer === undefined ? [] : [answer];
    // What has nothing to say ends here.
    if (inputs.length === 0) return [];
  }
  const sent = inputs.map((input) =>
    typeof input === "object" && input !== null ? transformed(target.template, input, variablesOf(pipe)) : input,
  );
  if (target.arn.split(":")[2] === "lambda") return handedTo(target.arn, sent, targets);
  if (sent.length > mostMessages) {
    throw new Error(`the target takes ${mostMessages} messages at once, and would get ${sent.length}`);
  }
  await targets.send(
    target.arn,
    sent.map((input) => (typeof input === "string" ? input : JSON.stringify(input))),
  );
  return [];
}

async function handedTo(arn: string, inputs: readonly unknown[], targets: PipeTargets): Promise<readonly string[]> {
  const failed = failedItems(await targets.invoke(arn, inputs));
  if (failed === undefined) throw new FunctionFailure("error", `${arn} answered no valid batchItemFailures`);
  return failed;
}

function variablesOf({ arn, name, sourceArn, enrichment, target }: PipeSettings): PipeVariables {
  return {
    "aws.pipes.pipe-arn": arn,
    "aws.pipes.pipe-name": name,
    "aws.pipes.source-arn": sourceArn,
    "aws.pipes.enrichment-arn": enrichment?.arn ?? "",
    "aws.pipes.target-arn": target.arn,
    "aws.pipes.event.ingestion-time": new Date().toISOString(),
  };
}
