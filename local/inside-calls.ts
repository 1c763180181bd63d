import type { GraphIndex } from "../graph/model";
import type { InsideAccess } from "./iam/inside-access";
import { type Policy, readPolicy } from "./iam/policy";
import type { Keys } from "./kms/keys";
import { functionAt, functionPolicy } from "./lambda/function-policy";
import type { LocalCompute } from "./local-compute";
import { publishAsks } from "./sns/sns-api";
import type { Topics } from "./sns/topics";
import { checkedMessage } from "./sqs/new-message";
import type { Queue } from "./sqs/queue";
import type { Queues } from "./sqs/queues";
import { receiveAsks, sendAsks } from "./sqs/sqs-api";

/** What `InsideCalls` reaches, and by what it decides. */
export interface InsideCallsOptions {
  readonly index: GraphIndex;
  readonly queues: Queues;
  readonly topics: () => Topics;
  readonly keys: Keys;
  readonly inside: InsideAccess;
  /** Invokes functions. */
  readonly invoke: LocalCompute["invoke"];
  /** Hands events to functions without waiting for them. */
  readonly later: (functionArn: string, event: unknown) => void;
}

/**
 * What AWS's services do for each other inside the platform: send, receive and invoke, as themselves or as a role. Each is
 * decided by the planned policies, and throws AccessDenied where they do not allow it.
 */
export class InsideCalls {
  constructor(private readonly options: InsideCallsOptions) {}

  /** Returns a queue that a service may send to, for a resource. @throws {Error} when there is none, or it may not */
  queueFor(principal: string, queueArn: string, sourceArn: string): Queue {
    const { inside, keys } = this.options;
    const queue = this.queueAt(queueArn);
    inside.asService(principal, sourceArn, regionOf(queueArn), sendAsks(queue, keys));
    return queue;
  }

  /** Publishes as a service, for a resource. @throws {Error} */
  async publishFor(principal: string, topicArn: string, sourceArn: string, message: string): Promise<void> {
    const { topics, inside, keys } = this.options;
    const topic = topics().at(topicArn, regionOf(topicArn));
    inside.asService(principal, sourceArn, regionOf(topicArn), publishAsks(topic, keys));
    await topics().publish(topic, { Message: message });
  }

  /** Hands an event to a function that lets the service do so, for a resource; the service does not wait for it. @throws {AccessDenied} */
  handTo(principal: string, functionArn: string, sourceArn: string, event: unknown): void {
    const { inside, index, later } = this.options;
    const policy = functionPolicy(index, functionArn);
    const ask = { action: "lambda:InvokeFunction", resource: functionArn, policy };
    inside.asService(principal, sourceArn, regionOf(functionArn), [ask]);
    later(functionArn, event);
  }

  /** Invokes a function as a role. @throws {FunctionFailure} */
  async invokeAs(roleArn: string, functionArn: string, event: unknown): Promise<unknown> {
    const { inside, invoke } = this.options;
    const ask = { action: "lambda:InvokeFunction", resource: functionArn };
    inside.asRole(roleArn, "lambda", regionOf(functionArn), [ask]);
    return invoke(functionArn, event);
  }

  /** Sends texts to a queue or topic as a role. @throws {Error} when one of them was not taken */
  async sendAs(roleArn: string, arn: string, texts: readonly string[]): Promise<void> {
    const { topics, inside, keys } = this.options;
    const region = regionOf(arn);
    if (arn.split(":")[2] === "sns") {
      const topic = topics().at(arn, region);
      inside.asRole(roleArn, "sns", region, publishAsks(topic, keys));
      for (const Message of texts) await topics().publish(topic, { Message });
      return;
    }
    const queue = this.queueAt(arn);
    inside.asRole(roleArn, "sqs", region, sendAsks(queue, keys));
    const messages = texts.map((MessageBody) => checkedMessage(queue.has, { MessageBody }, roleArn));
    for (const message of messages) queue.send(message);
  }

  /** Returns a queue that a role may receive messages from and delete them. @throws {Error} when there is none, or it may not */
  receivingFrom(roleArn: string, queueArn: string): Queue {
    const { inside, keys } = this.options;
    const queue = this.queueAt(queueArn);
    const receive = receiveAsks(queue, keys);
    const more = ["DeleteMessage", "GetQueueAttributes"].map((name) => ({ ...receive[0]!, action: `sqs:${name}` }));
    inside.asRole(roleArn, "sqs", regionOf(queueArn), [...receive, ...more]);
    return queue;
  }

  /** Asks whether a service may assume a role, for a resource. @throws {AccessDenied} */
  assume(principal: string, roleArn: string, sourceArn: string): void {
    const ask = { action: "sts:AssumeRole", resource: roleArn, policy: this.trustOf(roleArn) };
    this.options.inside.asService(principal, sourceArn, regionOf(sourceArn), [ask]);
  }

  /** ARN of the role that a function runs as; empty for a function that is not planned, which may do nothing. */
  roleOfFunction(arn: string): string {
    return functionAt(this.options.index, arn)?.role ?? "";
  }

  private queueAt(arn: string): Queue {
    const queue = this.options.queues.at(arn);
    if (queue === undefined) throw new Error(`there is no queue ${arn}`);
    return queue;
  }

  private trustOf(roleArn: string): Policy | undefined {
    const { assumeRolePolicy } = this.options.index.arn(roleArn)?.outputs ?? {};
    if (assumeRolePolicy === undefined) return undefined;
    return readPolicy(
      typeof assumeRolePolicy === "string" ? JSON.parse(assumeRolePolicy) : assumeRolePolicy,
      "resource",
    );
  }
}

function regionOf(arn: string): string {
  return arn.split(":")[3]!;
}
