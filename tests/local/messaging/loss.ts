import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { GraphIndex, type PlannedResource } from "../../../graph/model";
import { callAsOperator } from "../../../local/dynamodb/operator-call";
import { DynamoDbStore } from "../../../local/dynamodb/store";
import { operatorKeys } from "../../../local/iam/access";
import { readPolicy } from "../../../local/iam/policy";
import { FunctionPool } from "../../../local/lambda/function-pool";
import { Messaging } from "../../../local/messaging";
import { Reaper } from "../../../local/processes/reaper";
import { TimeScale } from "../../../local/time-scale";
import { operatorOnly } from "../helpers/access";
import { until } from "../helpers/wait";

const account = "123456789012";
const region = "eu-west-1";
const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`;
const processes = join(__dirname, "processes");
const perSecond = 100;
/** One of so many events is poisoned. */
const poisonedOf = 100;

/** What a run has shown. */
export interface LossFigures {
  readonly events: number;
  readonly poisoned: number;
  /** Events without an effect at the end. */
  readonly lost: number;
  /** Events with more than one effect. */
  readonly twice: number;
  /** Deliveries of an event that had its effect already, which the consumer has seen. */
  readonly again: number;
  readonly deadLetters: readonly string[];
  readonly sentAgain: number;
  readonly kills: Readonly<Record<"consumer" | "service" | "store", number>>;
  /** From the last event to the last effect but those of poisoned events, in milliseconds. */
  readonly caughtUpMs: number;
}

/**
 * Has a service store 100 items a second, whose changes go by stream, pipe, topic and queue to a function, while one of the
 * three processes is killed every two seconds. What the service did not confirm is asked again, as clients do.
 */
export async function runLoss(seconds: number): Promise<LossFigures> {
  const run = new LossRun();
  await run.start();
  try {
    return await run.measure(seconds);
  } finally {
    await run.stop();
  }
}

class LossRun {
  private readonly reaper = new Reaper();
  private readonly time = new TimeScale();
  private readonly index = new GraphIndex(plan());
  private readonly store = new DynamoDbStore(() => {}, this.reaper);
  private again = 0;
  private readonly consumer = new FunctionPool(consumerSpec, {
    ...{ root: "/", time: this.time, reaper: this.reaper },
    log: (_, line) => {
      if (line.startsWith("again ")) this.again += 1;
    },
    overrides: () => this.variables,
  });
  private messaging!: Messaging;
  private service: ChildProcess | undefined;
  private readonly unconfirmed = new Set<string>();
  private stopped = false;
  private readonly kills = { consumer: 0, service: 0, store: 0 };

  private get variables() {
    return {
      AWS_ENDPOINT_URL_DYNAMODB: this.store.url,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: operatorKeys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: operatorKeys.secretAccessKey,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    };
  }

  async start(): Promise<void> {
    await this.store.open();
    await this.store.createTables(this.index);
    const everything = { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*" } };
    this.messaging = new Messaging(this.index, {
      ...{ access: operatorOnly, time: this.time, log: () => {}, keysOf: () => operatorKeys },
      sessionOf: (role) => ({
        caller: { kind: "session", arn: role, role, account },
        identity: [readPolicy(everything, "identity")],
      }),
      tables: () => this.store.url,
    });
    this.messaging.start("http://127.0.0.1:1", { invoke: (_, event) => this.consumer.invoke(event) });
    await this.startService();
  }

  async measure(seconds: number): Promise<LossFigures> {
    const ids = Array.from({ length: seconds * perSecond }, (_, at) =>
      at % poisonedOf === poisonedOf - 1 ? `poison-${at}` : `event-${at}`,
    );
    const poisoned = ids.filter((id) => id.startsWith("poison")).length;
    const killing = this.killInTurn(seconds);
    const began = performance.now();
    for (const [at, id] of ids.entries()) {
      await sleep(Math.max(0, began + (at * 1_000) / perSecond - performance.now()));
      this.ask(id);
    }
    await killing;
    const ended = performance.now();
    await until("every item is stored", () => this.unconfirmed.size === 0, 120_000);
    await until("effects", async () => (await this.effects()).size >= ids.length - poisoned, 120_000);
    const caughtUpMs = Math.round(performance.now() - ended);
    const dead = this.messaging.queues.named(region, "dead");
    await until("dead letters", () => dead.counts().visible >= poisoned, 120_000);
    // What would come late has the time to.
    await sleep(3_000);
    const letters = await this.deadLetters();
    await this.call("PutItem", { TableName: "effects", Item: { id: { S: "fixed" }, n: { N: "1" } } });
    const task = this.messaging.queues.moves.start(dead.arn);
    await until("the dead letters are sent again", () => task.status !== "RUNNING", 30_000);
    await until("all effects", async () => (await this.effects()).size >= ids.length, 60_000);
    const effects = await this.effects();
    return {
      ...{ events: ids.length, poisoned, again: this.again, deadLetters: letters, kills: this.kills, caughtUpMs },
      sentAgain: task.moved,
      lost: ids.filter((id) => !effects.has(id)).length,
      twice: [...effects.values()].filter((n) => n !== 1).length,
    };
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.service?.kill("SIGKILL");
    await Promise.all([this.messaging?.stop(), this.consumer.stop()]);
    await this.store.stop();
    await this.reaper.stop();
  }

  private async startService(): Promise<void> {
    const child = fork(join(processes, "service.cjs"), { env: { ...process.env, ...this.variables }, execArgv: [] });
    this.service = child;
    const ready = new Promise<void>((resolve) => {
      child.on("message", (message: any) => {
        if (message.ready) resolve();
        if (message.stored) this.unconfirmed.delete(message.stored);
        if (message.failed) setTimeout(() => this.unconfirmed.has(message.failed) && this.ask(message.failed), 200);
      });
    });
    child.once("exit", () => {
      if (this.stopped) return;
      void this.startService().then(() => {
        for (const id of this.unconfirmed) this.ask(id);
      });
    });
    await ready;
  }

  /** Asks the service to store an item; again until it has confirmed it. */
  private ask(id: string): void {
    this.unconfirmed.add(id);
    if (this.service?.connected) this.service.send(id, () => {});
  }

  private async killInTurn(seconds: number): Promise<void> {
    const order = ["consumer", "service", "store"] as const;
    for (let turn = 0; turn < Math.floor(seconds / 2); turn++) {
      await sleep(2_000);
      const which = order[turn % order.length]!;
      const pids = {
        consumer: this.consumer.views().flatMap(({ pid }) => pid ?? []),
        service: [this.service?.pid ?? 0],
        store: [this.store.pid ?? 0],
      }[which];
      for (const pid of pids) if (pid > 0) process.kill(pid, "SIGKILL");
      this.kills[which] += pids.length;
    }
  }

  /** Effects by the id of their event. */
  private async effects(): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    let ExclusiveStartKey: object | undefined;
    do {
      const start = ExclusiveStartKey && { ExclusiveStartKey };
      const page = await this.call("Scan", { TableName: "effects", ...start });
      for (const { id, n } of page.Items) if (id.S !== "fixed") found.set(id.S, Number(n.N));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
    return found;
  }

  /** Ids of the events that are dead letters; they stay where they are. */
  private async deadLetters(): Promise<string[]> {
    const dead = this.messaging.queues.named(region, "dead");
    const ids: string[] = [];
    const handles: string[] = [];
    for (;;) {
      const messages = await dead.receive({ most: 10, visibilitySeconds: 60 });
      if (messages.length === 0) break;
      ids.push(...messages.map(({ body }) => JSON.parse(body).dynamodb.Keys.id.S));
      handles.push(...messages.map(({ handle }) => handle));
    }
    for (const handle of handles) dead.changeVisibility(handle, 0);
    return ids.sort();
  }

  private call(operation: string, input: object): Promise<any> {
    return callAsOperator(this.store.url, region, operation, input);
  }
}

const consumerSpec = {
  ...{ aliasArn: arn("lambda", "function:consumer"), invokeArn: "consumer", functionName: "consumer" },
  ...{ service: "consumer", region, zones: [`${region}a`], file: "consumer.cjs", export: "handler", cwd: processes },
  ...{ env: {}, memoryMegabytes: 128, timeoutSeconds: 10, reservedConcurrency: 10 },
};

function plan() {
  const resource = (type: string, name: string, outputs: object) =>
    ({ urn: `${type}::${name}`, type, name, region, inputs: outputs, outputs }) as unknown as PlannedResource;
  const table = (name: string, more: object = {}) =>
    resource("aws:dynamodb/table:Table", name, {
      ...{ name, arn: arn("dynamodb", `table/${name}`), billingMode: "PAY_PER_REQUEST", hashKey: "id" },
      ...{ attributes: [{ name: "id", type: "S" }], ...more },
    });
  const streamArn = arn("dynamodb", "table/things/stream/planned");
  const roleArn = `arn:aws:iam::${account}:role/any`;
  const allow = (service: string, Action: string) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: { Effect: "Allow", Principal: { Service: service }, Action, Resource: "*" },
    });
  const trust = JSON.parse(allow("pipes.amazonaws.com", "sts:AssumeRole"));
  delete trust.Statement.Resource;
  return {
    ...{ project: "p", stack: "s", outputs: {} },
    resources: [
      resource("aws:iam/role:Role", "any", { arn: roleArn, assumeRolePolicy: JSON.stringify(trust) }),
      table("things", { streamEnabled: true, streamViewType: "NEW_AND_OLD_IMAGES", streamArn }),
      table("effects"),
      table("markers"),
      resource("aws:sqs/queue:Queue", "dead", { name: "dead", arn: arn("sqs", "dead"), url: "dead" }),
      resource("aws:sqs/queue:Queue", "changes", {
        ...{ name: "changes", arn: arn("sqs", "changes"), url: "changes", visibilityTimeoutSeconds: 2 },
        redrivePolicy: JSON.stringify({ deadLetterTargetArn: arn("sqs", "dead"), maxReceiveCount: 6 }),
        policy: allow("sns.amazonaws.com", "sqs:SendMessage"),
      }),
      resource("aws:sns/topic:Topic", "changes", { name: "changes", arn: arn("sns", "changes") }),
      resource("aws:sns/topicSubscription:TopicSubscription", "changes", {
        ...{ topic: arn("sns", "changes"), protocol: "sqs", endpoint: arn("sqs", "changes"), rawMessageDelivery: true },
      }),
      resource("aws:pipes/pipe:Pipe", "changes", {
        ...{ name: "changes", arn: arn("pipes", "pipe/changes"), roleArn, source: streamArn },
        target: arn("sns", "changes"),
        sourceParameters: { dynamodbStreamParameters: { startingPosition: "TRIM_HORIZON", batchSize: 10 } },
      }),
      resource("aws:lambda/function:Function", "consumer", {
        ...{ arn: arn("lambda", "function:consumer"), name: "consumer", role: roleArn },
      }),
      resource("aws:lambda/eventSourceMapping:EventSourceMapping", "changes", {
        ...{ eventSourceArn: arn("sqs", "changes"), functionName: arn("lambda", "function:consumer"), batchSize: 10 },
        functionResponseTypes: ["ReportBatchItemFailures"],
      }),
    ],
  };
}
