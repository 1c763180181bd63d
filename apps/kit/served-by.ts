import { type IncomingMessage, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { EnvironmentVariables } from "./settings";

/** Header of an answer that says where it comes from. @example "region=eu-west-1, zone=eu-west-1a, server=4f21ab98" */
export const servedByHeader = "x-served-by";

/** Where a process runs, as far as AWS has said so. */
interface Place {
  /** An Availability Zone by its name; of a function by its id, such as `euw1-az1`, as Lambda tells no name. */
  readonly zone?: string;
  /** The first or last digits of what AWS calls the task, the instance or the execution environment. */
  readonly server?: string;
}

/** Who answers, for the header `x-served-by`. */
export interface ServedBy {
  /** Returns the value of the header; undefined where not even the region is known. */
  readonly value: () => string | undefined;
  /** Resolves when AWS has answered or will not, after half a second at most. It never rejects. */
  readonly known: Promise<void>;
}

/** AWS answers within milliseconds. A machine that just starts may take longer, and another machine does not answer. */
const askMs = 2_000;
const attempts = 3;
/** Longest time that an answer waits for it. */
const waitMs = 500;
/** Longest answer that is read. */
const mostBytes = 65_536;
const instanceService = "http://169.254.169.254";

/**
 * Finds out where the process runs: of a task from ECS, of an instance from its metadata service (version 2), of a function
 * from Lambda. Nothing waits for it, so that a service starts and answers without them; what is not known is left out.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-metadata-endpoint.html
 */
export function servedBy(env: EnvironmentVariables): ServedBy {
  const region = env["AWS_REGION"];
  let place: Place = {};
  const found = (async () => {
    for (let i = 0; i < attempts; i++) {
      try {
        place = await placeOf(env);
        return;
      } catch {
        // Who answers is told for people who look. No answer may fail for it.
      }
    }
  })();
  const known = Promise.race([found, sleep(waitMs, undefined, { ref: false })]);
  const pairs = () =>
    Object.entries({ region, ...place })
      .filter(([, value]) => value !== undefined && /^[a-z0-9-]{1,40}$/.test(value))
      .map(([name, value]) => `${name}=${value}`);
  return { value: () => pairs().join(", ") || undefined, known };
}

async function placeOf(env: EnvironmentVariables): Promise<Place> {
  const signal = AbortSignal.timeout(askMs);
  const task = env["ECS_CONTAINER_METADATA_URI_V4"];
  if (task !== undefined) return taskPlace(task, signal);
  if (env["AWS_LAMBDA_LOG_STREAM_NAME"] !== undefined) return functionPlace(env, signal);
  // Who has keys as variables is no instance, which has a role.
  const elsewhere = env["AWS_EC2_METADATA_DISABLED"] === "true" || env["AWS_ACCESS_KEY_ID"] !== undefined;
  return elsewhere ? {} : instancePlace(env["AWS_EC2_METADATA_SERVICE_ENDPOINT"] ?? instanceService, signal);
}

async function taskPlace(url: string, signal: AbortSignal): Promise<Place> {
  const { TaskARN: arn, AvailabilityZone: zone } = JSON.parse(await ask(`${url}/task`, { signal }));
  return { zone, server: arn?.split("/").at(-1)?.slice(0, 8) };
}

async function instancePlace(url: string, signal: AbortSignal): Promise<Place> {
  const lifetime = { "x-aws-ec2-metadata-token-ttl-seconds": "60" };
  const token = await ask(`${url}/latest/api/token`, { method: "PUT", headers: lifetime, signal });
  const read = (path: string) =>
    ask(`${url}/latest/meta-data/${path}`, { headers: { "x-aws-ec2-metadata-token": token }, signal });
  const [zone, id] = await Promise.all([read("placement/availability-zone"), read("instance-id")]);
  return { zone, server: id.slice(-8) };
}

/** A log stream is one of an execution environment: `2026/11/28/[7]4f21ab98...`. */
async function functionPlace(env: EnvironmentVariables, signal: AbortSignal): Promise<Place> {
  const [, server] = /\]([0-9a-f]{8})/.exec(env["AWS_LAMBDA_LOG_STREAM_NAME"] ?? "") ?? [];
  const [address, token] = [env["AWS_LAMBDA_METADATA_API"], env["AWS_LAMBDA_METADATA_TOKEN"]];
  if (address === undefined) return { server };
  const url = `http://${address}/2026-01-15/metadata/execution-environment`;
  const zone = await ask(url, { headers: { authorization: `Bearer ${token}` }, signal }).then(
    (text) => JSON.parse(text).AvailabilityZoneID,
    () => undefined,
  );
  return { zone, server };
}

/**
 * Not by `fetch`, whose code would take megabytes of a server's memory.
 * @throws {Error} without an answer of 200 in time
 */
function ask(
  url: string,
  options: { readonly method?: string; readonly headers?: Record<string, string>; readonly signal: AbortSignal },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...options, agent: false }, (answer) => void textOf(answer).then(resolve, reject));
    sent.once("error", reject).end();
  });
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of answer) {
    text += part;
    if (text.length > mostBytes) throw new Error("the answer is too long");
  }
  if (answer.statusCode !== 200) throw new Error(`answered ${answer.statusCode}`);
  return text;
}
