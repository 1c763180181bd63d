import { setTimeout as sleep } from "node:timers/promises";
import {
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  paginateListQueues,
  SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { UserError } from "../../graph/user-error";
import { print } from "../print";
import { readState, runningConsole } from "../running-platform";

/** Options of the commands; `npm run dead-letters -- --help` describes them. */
export interface DeadLettersOptions {
  readonly state: string;
  /** A region of AWS, instead of the platform on this machine. */
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
  readonly sources: readonly string[];
  readonly messages: number;
}

const pollMs = 500;

/** Runs the command `dead-letters list`: a line for each queue of dead letters. @throws {UserError} */
export async function listDeadLetters(options: DeadLettersOptions): Promise<void> {
  const found = await deadLetterQueues(options);
  const lines = found.map(({ region, name, messages, sources }) => {
    return `${String(messages).padStart(6)}  ${region}  ${name}  (of ${sources.join(", ")})`;
  });
  await print(lines.length === 0 ? "there are no queues of dead letters" : lines.join("\n"));
}

/**
 * Runs the command `dead-letters redrive`: sends dead letters to the queues that they came from, and waits until that is done.
 * @param name  of a queue of dead letters, or of one that they come from; unset for all of the platform on this machine
 * @throws {UserError} when there is no such queue, none is named in a region of AWS, or a message cannot be moved
 */
export async function redriveDeadLetters(name: string | undefined, options: DeadLettersOptions): Promise<void> {
  if (name === undefined && options.region !== undefined) {
    throw new UserError(
      `queue must be named in a region of AWS, whose other queues may be of other programs; \`dead-letters list --region ${options.region}\` prints all`,
    );
  }
  const all = await deadLetterQueues(options);
  const chosen = all.filter((each) => name === undefined || each.name === name || each.sources.includes(name));
  if (chosen.length === 0 && name !== undefined) {
    const known = all.map((each) => each.name).join(", ") || "none";
    throw new UserError(`queue must be one with dead letters (${known}), got "${name}"; correct it`);
  }
  for (const queue of chosen) {
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
  const clients = await clientsOf(options);
  const found = await Promise.all([...clients].map(([region, client]) => queuesOf(region, client)));
  return found.flat().sort((a, b) => (a.arn < b.arn ? -1 : 1));
}

/** @returns a client of each region of the platform on this machine, or of the one of AWS */
async function clientsOf({ state, region }: DeadLettersOptions): Promise<ReadonlyMap<string, SQSClient>> {
  // The SDK's warning about Node versions is for those who write the command.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  if (region !== undefined) return new Map([[region, new SQSClient({ region })]]);
  const { endpoints } = await readState(runningConsole(state));
  if (endpoints === undefined) throw new UserError("the platform is not ready yet; wait until `npm start` says so");
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const settings = { endpoint: endpoints.aws, credentials };
  return new Map(
    Object.keys(endpoints.regions).map((name) => [name, new SQSClient({ region: name, ...settings })] as const),
  );
}

async function queuesOf(region: string, client: SQSClient): Promise<DeadLetterQueue[]> {
  const urls: string[] = [];
  for await (const page of paginateListQueues({ client, pageSize: 1_000 }, {})) urls.push(...(page.QueueUrls ?? []));
  const all = await Promise.all(urls.map((QueueUrl) => attributesOf(client, QueueUrl)));
  const arnOfDead = ({ RedrivePolicy = "{}" }: Attributes): unknown => JSON.parse(RedrivePolicy).deadLetterTargetArn;
  const dead = all.filter(({ QueueArn }) => all.some((each) => arnOfDead(each) === QueueArn));
  return dead.map(({ QueueArn: arn = "", ApproximateNumberOfMessages: messages }) => ({
    ...{ client, region, arn, name: nameOf(arn), messages: Number(messages) },
    sources: all.filter((each) => arnOfDead(each) === arn).map(({ QueueArn = "" }) => nameOf(QueueArn)),
  }));
}

interface Attributes {
  readonly QueueArn?: string;
  readonly RedrivePolicy?: string;
  readonly ApproximateNumberOfMessages?: string;
}

async function attributesOf(client: SQSClient, QueueUrl: string): Promise<Attributes> {
  const input = { QueueUrl, AttributeNames: ["All" as const] };
  return (await client.send(new GetQueueAttributesCommand(input))).Attributes ?? {};
}

function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}
