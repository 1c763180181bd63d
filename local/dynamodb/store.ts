import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { join } from "node:path";
import type { GraphIndex, PlannedResource } from "../../graph/model";
import { projectRoot } from "../../graph/project-root";
import { UserError } from "../../graph/user-error";
import { operatorKeys } from "../iam/access";
import { signedHeaders } from "../iam/sigv4/signed-headers";
import { type LogSink, onLines } from "../processes/lines";
import { smallHeapArguments, smallHeapVariables } from "../processes/memory";
import { hasEnded, type Reaper } from "../processes/reaper";
import { oneOf } from "../unsupported";
import type { StoreAccess } from "./store-guard";

/**
 * DynamoDB on this machine: one store for all regions, so that replicas never lag. It runs in a process of its own, so
 * that it does not take the gateways' core. Items are on disk, so that they are kept until the platform ends.
 */
export class DynamoDbStore {
  url = "";
  private child: ChildProcess | undefined;
  private access: StoreAccess | undefined;
  private stopped = false;

  constructor(
    private readonly log: LogSink,
    private readonly reaper: Reaper,
  ) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Starts the store, without tables. @throws {UserError} when it does not start */
  async open(): Promise<void> {
    this.url = `http://127.0.0.1:${await this.launch(0)}`;
  }

  /** Lets planned roles call, as far as their policies allow; before, only the platform itself may. */
  async allow(access: StoreAccess): Promise<void> {
    this.access = access;
    const { child } = this;
    child!.send({ access });
    await Promise.race([once(child!, "message"), once(child!, "exit")]);
  }

  /** Creates the planned tables. */
  async createTables(index: GraphIndex): Promise<void> {
    await Promise.all(index.ofType("aws:dynamodb/table:Table").map((table) => this.createTable(table)));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    const { child } = this;
    if (child !== undefined && !hasEnded(child)) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
  }

  /**
   * Starts the store's process; again on the same port when it ends, as servers were given that port.
   * @param port  0 takes a free port
   * @returns the port
   */
  private async launch(port: number): Promise<number> {
    const child = fork(join(projectRoot, "local/dynamodb/dynalite.cjs"), {
      detached: true,
      env: { ...process.env, ...smallHeapVariables },
      execArgv: [...smallHeapArguments],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.child = child;
    this.reaper.watch(child);
    for (const output of [child.stdout!, child.stderr!]) onLines(output, (line) => this.log("dynamodb", line));
    child.once("exit", () => {
      if (this.stopped || (port === 0 && this.url === "")) return;
      this.log("dynamodb", "the store ended; it starts again with the same items");
      void this.launch(Number(new URL(this.url).port));
    });
    child.send({ path: this.reaper.temporaryFolder, port });
    const [answer] = await Promise.race([once(child, "message"), once(child, "exit").then(() => [undefined])]);
    if (answer === undefined && !this.stopped && port === 0)
      throw new UserError("dynamodb: the store did not start; see its log");
    if (this.access !== undefined) child.send({ access: this.access });
    return answer?.port ?? port;
  }

  private async createTable(table: PlannedResource): Promise<void> {
    const { outputs } = table;
    const indexes: any[] = outputs["globalSecondaryIndexes"] ?? [];
    oneOf(table, "billingMode", ["PAY_PER_REQUEST"], outputs["billingMode"]);
    oneOf(table, "localSecondaryIndexes", [undefined], outputs["localSecondaryIndexes"]);
    await this.call("CreateTable", {
      TableName: outputs["name"],
      BillingMode: outputs["billingMode"],
      AttributeDefinitions: outputs["attributes"].map((each: any) => ({
        AttributeName: each.name,
        AttributeType: each.type,
      })),
      KeySchema: keySchema(outputs),
      ...(indexes.length === 0
        ? {}
        : {
            GlobalSecondaryIndexes: indexes.map((each) => ({
              IndexName: each.name,
              KeySchema: keySchema(each),
              Projection: projection(each),
            })),
          }),
    });
    while ((await this.call("DescribeTable", { TableName: outputs["name"] })).Table.TableStatus !== "ACTIVE");
  }

  /** @throws {Error} with DynamoDB's message */
  private async call(operation: string, body: object): Promise<any> {
    const text = JSON.stringify(body);
    const headers = signedHeaders(
      {
        method: "POST",
        headers: {
          host: new URL(this.url).host,
          "content-type": "application/x-amz-json-1.0",
          "x-amz-target": `DynamoDB_20120810.${operation}`,
        },
        body: text,
      },
      operatorKeys,
      { region: "us-east-1", service: "dynamodb" },
    );
    const call = request(this.url, { method: "POST", headers, agent: false }).end(text);
    const [response] = await once(call, "response");
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    const answer = JSON.parse(Buffer.concat(chunks).toString());
    if (response.statusCode !== 200)
      throw new Error(`dynamodb: ${operation} failed: ${answer.message ?? answer.__type}`);
    return answer;
  }
}

/**
 * Makes the KeySchema of a table or index. Indexes list their keys in `keySchemas`; tables and older indexes do not.
 */
function keySchema(schema: any): object[] {
  if (schema.keySchemas)
    return schema.keySchemas.map((each: any) => ({ AttributeName: each.attributeName, KeyType: each.keyType }));
  const key = (name: string | undefined, type: string) => (name ? [{ AttributeName: name, KeyType: type }] : []);
  return [...key(schema.hashKey, "HASH"), ...key(schema.rangeKey, "RANGE")];
}

function projection(index: any): object {
  return {
    ProjectionType: index.projectionType,
    ...(index.nonKeyAttributes ? { NonKeyAttributes: index.nonKeyAttributes } : {}),
  };
}
