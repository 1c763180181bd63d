import { setTimeout as sleep } from "node:timers/promises";
import {
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  paginateListDeadLetterSourceQueues,
  SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import * as z from "zod";
import { UserError } from "../../graph/user-error";
import { print } from "../print";
import { readState, runningConsole } from "../running-platform";
import { loadOutputs } from "../stack-outputs";
import { checkWhere, type Where } from "../where";

/** Options of the commands; `npm run dead-letters -- --help` describes them. */
export interface DeadLettersOptions extends Where {
  /** @default every region of the environment */
  readonly region?: string;
  /** Most messages a second. @default as many as SQS moves */
  readonly rate?: number;
}

/** A queue of dead letters, with the queues that they come from. */
interface DeadLetterQueue {
  readonly client: SQSClient;
  readonly region: string;
  readonly arn: string;
  readonly name: string;
  /** Names of the queues that SQS moves them back to; none for what a topic or a pipe put there. */
  readonly sources: readonly string[];
  readonly messages: number;
}

const deadLetters = z.array(z.string());
/** Stack outputs by region, of services also by their name; fields that are not read here are ignored. */
const schema = z.object({
  compute: z.record(z.string(), z.record(z.string(), z.object({ deadLetters: deadLetters.optional() }))),
  edge: z.record(z.string(), z.object({ live: z.object({ deadLetters }).optional() })).optional(),
});

const pollMs = 500;

/** Runs the command `dead-letters list`: a line for each queue of dead letters. @throws {UserError} */
export async function listDeadLetters(options: DeadLettersOptions): Promise<void> {
  const found = await deadLetterQueues(options);
  const lines = found.map(({ region, name, messages, sources }) => {
    const from = sources.length === 0 ? "of no queue" : `of ${sources.join(", ")}`;
    return `${String(messages).padStart(6)}  ${region}  ${name}  (${from})`;
  });
  await print(lines.length === 0 ? "there are no queues of dead letters" : lines.join("\n"));
}

/**
 * Runs the command `dead-letters redrive`: sends dead letters to the queues that they came from, and waits until that is done.
 * @param name  of a queue of dead letters, or of one that they come from; unset for all of the environment
 * @throws {UserError} when there is no such queue, or a message cannot be moved
 */
export async function redriveDeadLetters(name: string | undefined, options: DeadLettersOptions): Promise<void> {
  const all = await deadLetterQueues(options);
  const chosen = all.filter((each) => name === undefined || each.name === name || each.sources.includes(name));
  if (chosen.length === 0 && name !== undefined) {
    const known = all.map((each) => each.name).join(", ") || "none";
    throw new UserError(`queue must be one with dead letters (${known}), got "${name}"; correct it`);
  }
  for (const queue of chosen) {
    if (queue.sources.length === 0) {
      // A topic or a pipe has put them there, to which SQS sends nothing.
      await print(`${queue.region}  ${queue.name}: ${queue.messages} stay, as they come from no queue`);
      continue;
    }
    const moved = queue.messages === 0 ? 0 : await redrive(queue, options.rate);
    await print(`${queue.region}  ${queue.name}: ${moved} sent to ${queue.sources.join(", ")}`);
  }
}

async function redrive({ client, arn, name }: DeadLetterQueue, rate: number | undefined): Promise<number> {
  const limit = rate === undefined ? {} : { MaxNumberOfMessagesPerSecond: rate };
  await client.send(new StartMessageMoveTaskCommand({ SourceArn: arn, ...limit }));
  for (;;) {
    const { Results = [] } = await client.send(new ListMessageMoveTasksCommand({ SourceArn: arn }));
    const { Status, ApproximateNumberOfMessagesMoved: moved = 0, FailureReason } = Results[0] ?? {};
    if (Status === "COMPLETED") return moved;
    if (Status !== "RUNNING") {
      throw new UserError(
        `the dead letters of ${name} must move to their queue, got ${Status} after ${moved}: ${FailureReason ?? "it was cancelled"}; correct the cause and run the command again`,
      );
    }
    await sleep(pollMs);
  }
}

async function deadLetterQueues(options: DeadLettersOptions): Promise<DeadLetterQueue[]> {
  // The SDK's warning about Node versions is for those who write the command.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  const { stack, outputs, endpoint } = await environment(options);
  const found = Object.entries(readQueues(stack, outputs, options.region)).map(([region, urls]) => {
    const client = new SQSClient({ region, ...endpoint });
    return Promise.all(urls.map((url) => read(region, client, url)));
  });
  return (await Promise.all(found)).flat().sort((a, b) => (a.arn < b.arn ? -1 : 1));
}

/** Returns the outputs of the environment that the options name, and where its AWS is when that is not AWS itself. */
async function environment(options: DeadLettersOptions) {
  checkWhere(options);
  const { stack, state } = options;
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  if (stack !== undefined) {
    const outputs = await loadOutputs(stack, options.outputs);
    const { endpoint } = options;
    return { stack, outputs, endpoint: endpoint === undefined ? {} : { endpoint, credentials } };
  }
  const { stack: local, outputs, endpoints } = await readState(runningConsole(state));
  if (endpoints === undefined) throw new UserError("the platform is not ready yet; wait until `npm start` says so");
  return { stack: local, outputs, endpoint: { endpoint: endpoints.aws, credentials } };
}

/**
 * Reads the URLs of an environment's queues of dead letters by region from its stack outputs, which leaves the queues of other
 * programs in the account alone.
 * @throws {UserError} when the outputs are of another form, or lack the region
 */
function readQueues(stack: string, outputs: unknown, region: string | undefined): Record<string, readonly string[]> {
  const parsed = schema.safeParse(outputs);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UserError(
      `the outputs of ${stack} are wrong at ${issue!.path.join(".")}: ${issue!.message}; deploy it first`,
    );
  }
  const { compute, edge = {} } = parsed.data;
  if (region !== undefined && compute[region] === undefined)
    throw new UserError(
      `--region must be one of ${stack} (${Object.keys(compute).join(", ")}), got "${region}"; correct it`,
    );
  const chosen = Object.entries(compute).filter(([name]) => region === undefined || name === region);
  return Object.fromEntries(
    chosen.map(([name, services]) => {
      const parts = [...Object.values(services), edge[name]?.live];
      return [name, parts.flatMap((part) => part?.deadLetters ?? [])];
    }),
  );
}

async function read(region: string, client: SQSClient, QueueUrl: string): Promise<DeadLetterQueue> {
  const wanted = { QueueUrl, AttributeNames: ["QueueArn" as const, "ApproximateNumberOfMessages" as const] };
  const { Attributes = {} } = await client.send(new GetQueueAttributesCommand(wanted));
  const sources: string[] = [];
  for await (const page of paginateListDeadLetterSourceQueues({ client }, { QueueUrl, MaxResults: 1_000 }))
    sources.push(...(page.queueUrls ?? []).map((url) => url.slice(url.lastIndexOf("/") + 1)));
  const { QueueArn: arn = "", ApproximateNumberOfMessages: messages } = Attributes;
  return { client, region, arn, name: arn.slice(arn.lastIndexOf(":") + 1), sources, messages: Number(messages) };
}
