import { createHash, randomUUID } from "node:crypto";
import { formTree, queryAnswer } from "../aws/query-protocol";
import type { ServiceApi, ServiceCall, UndecidedCall } from "../aws/service-call";
import type { Ask, Where } from "../iam/access";
import { callerName } from "../iam/denial";
import { type Policy, readPolicy } from "../iam/policy";
import type { Caller } from "../iam/principals";
import type { Keys } from "../kms/keys";
import { operations } from "./operations";
import { inputOfForm, resultForQuery } from "./query-form";
import type { Queue } from "./queue";
import type { Queues } from "./queues";
import { missingParameter, sqsError } from "./sqs-error";

/** Operations in batches are allowed by what allows them one by one. */
const actions: Readonly<Record<string, string>> = {
  SendMessageBatch: "SendMessage",
  DeleteMessageBatch: "DeleteMessage",
  ChangeMessageVisibilityBatch: "ChangeMessageVisibility",
};
const namespace = "http://queue.amazonaws.com/doc/2012-11-05/";

/**
 * The API of SQS in both of its protocols: JSON, which today's SDKs use, and the query protocol of older ones.
 * @param url  returns the address of the API, which the URLs of queues begin with
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html
 */
export function sqsApi(queues: Queues, url: () => string, keys: Keys): ServiceApi {
  const urlOf = ({ arn }: Queue) => urlOfQueue(url(), arn);
  return {
    operations: new Set(Object.keys(operations)),
    asks: (call, where) => asks(queues, keys, call, where),
    answer: async (call) => {
      const { region, operation, gone, caller } = call;
      const input = inputOf(call);
      const queue = () => queueOf(queues, region, input);
      const result = await operations[operation]!({
        queues,
        input,
        region,
        gone,
        urlOf,
        queue,
        senderId: idOf(caller),
      });
      if (call.form === undefined) return result;
      const written = Object.keys(result).length === 0 ? undefined : resultForQuery(operation, result as any);
      return queryAnswer(operation, written, namespace, randomUUID());
    },
    denied: (message) => sqsError("AccessDenied", message, { status: 403 }),
  };
}

/** Returns the URL of a queue, of the API at an address. */
export function urlOfQueue(api: string, arn: string): string {
  const [, , , , account, name] = arn.split(":");
  return `${api}/${account}/${name}`;
}

/** Returns the policy of a queue; undefined without one. */
export function policyOf({ attributes }: Queue): Policy | undefined {
  const { Policy: text = "" } = attributes;
  return text === "" ? undefined : readPolicy(JSON.parse(text), "resource");
}

function asks(queues: Queues, keys: Keys, call: UndecidedCall, { region, account }: Where): readonly Ask[] {
  const { operation } = call;
  const input = inputOf(call);
  const action = `sqs:${actions[operation] ?? operation}`;
  if (operation === "ListQueues") return [{ action, resource: `arn:aws:sqs:${region}:${account}:*` }];
  const arn = arnOf(queues, region, input);
  const queue = queues.at(arn);
  if (queue === undefined) return [{ action, resource: arn }];
  if (action === "sqs:SendMessage") return sendAsks(queue, keys);
  if (action === "sqs:ReceiveMessage") return receiveAsks(queue, keys);
  if (operation.endsWith("MessageMoveTask") || operation.endsWith("MessageMoveTasks"))
    return [...taskAsks(queue, action, keys), ...targetAsks(queues, queue, operation, { input, keys })];
  return [{ action, resource: arn, policy: policyOf(queue) }];
}

/** Returns what sending to a queue asks of policies: the queue's, and those of its key. */
export function sendAsks(queue: Queue, keys: Keys): readonly Ask[] {
  const encrypted = keys.asks(queue.attributes["KmsMasterKeyId"], ["GenerateDataKey", "Decrypt"], "sqs");
  return [{ action: "sqs:SendMessage", resource: queue.arn, policy: policyOf(queue) }, ...encrypted];
}

/** Returns what receiving from a queue asks of policies. */
export function receiveAsks(queue: Queue, keys: Keys): readonly Ask[] {
  const encrypted = keys.asks(queue.attributes["KmsMasterKeyId"], ["Decrypt"], "sqs");
  return [{ action: "sqs:ReceiveMessage", resource: queue.arn, policy: policyOf(queue) }, ...encrypted];
}

/**
 * Returns what every call about move tasks asks of policies, to list or cancel them too: to receive and delete in the
 * queue.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
 */
function taskAsks(queue: Queue, action: string, keys: Keys): readonly Ask[] {
  const receive = receiveAsks(queue, keys);
  const own = [action, "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
  return [...own.map((each) => ({ ...receive[0]!, action: each })), ...receive];
}

/**
 * Returns what starting a task asks in addition: to send to the queue that it names, or to those that the messages came
 * from.
 */
function targetAsks(
  queues: Queues,
  queue: Queue,
  operation: string,
  { input, keys }: { readonly input: Readonly<Record<string, any>>; readonly keys: Keys },
): readonly Ask[] {
  if (operation !== "StartMessageMoveTask") return [];
  const { DestinationArn: destination } = input;
  if (destination === undefined) return queues.sourcesOf(queue).flatMap((each) => sendAsks(each, keys));
  const target = queues.at(destination);
  return target ? sendAsks(target, keys) : [{ action: "sqs:SendMessage", resource: String(destination) }];
}

/** Returns the ARN that a call is about, whether there is such a queue or not. */
function arnOf(queues: Queues, region: string, input: Readonly<Record<string, any>>): string {
  const { QueueUrl: url, QueueName: name, SourceArn: source, TaskHandle: task } = input;
  if (typeof source === "string") return source;
  if (typeof task === "string") return sourceOfTask(task);
  if (typeof name === "string") return queues.arnOf(region, name);
  if (typeof url !== "string" || url === "") throw missingParameter("QueueUrl");
  return queues.ofUrl(region, url).arn;
}

function sourceOfTask(handle: string): string {
  try {
    return String(JSON.parse(Buffer.from(handle, "base64").toString()).sourceArn);
  } catch {
    throw sqsError("ResourceNotFoundException", "Task does not exist.", { status: 404 });
  }
}

function queueOf(queues: Queues, region: string, { QueueUrl: url }: Readonly<Record<string, any>>): Queue {
  if (typeof url !== "string" || url === "") throw missingParameter("QueueUrl");
  return queues.ofUrl(region, url);
}

/** In the query protocol the path is that of the queue. */
function inputOf({ form, body, path }: UndecidedCall | ServiceCall): Readonly<Record<string, any>> {
  if (form === undefined) return body;
  const url = path.length === 2 ? { QueueUrl: `http://sqs/${path.join("/")}` } : {};
  return { ...url, ...inputOfForm(formTree(form)) };
}

/** Ids of senders have the form of AWS's. */
function idOf(caller: Caller): string {
  const [kind, name] = caller.kind === "session" ? ["AROA", `:${caller.arn.split("/").at(-1)}`] : ["AIDA", ""];
  const digest = createHash("sha256").update(callerName(caller)).digest("hex").toUpperCase();
  return `${kind}${digest.slice(0, 17)}${name}`;
}
