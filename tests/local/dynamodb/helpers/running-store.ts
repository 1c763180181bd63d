import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { TableArgs } from "@pulumi/aws/dynamodb";
import { DynamoDbStore, type StoreSettings } from "../../../../local/dynamodb/store";
import { Reaper } from "../../../../local/processes/reaper";
import { addTable, plan } from "../../helpers/program";

export const regions = ["eu-central-1", "eu-west-1"] as const;
export type TestRegion = (typeof regions)[number];
export const credentials = { accessKeyId: "local", secretAccessKey: "local" };

/** The store with the global table `things` of two regions, and clients of each region's own address. */
export class RunningStore {
  readonly logs: string[] = [];
  readonly store: DynamoDbStore;
  private readonly reaper = new Reaper();
  private readonly clients = new Map<string, DynamoDBDocumentClient>();

  constructor(settings: StoreSettings = {}) {
    this.store = new DynamoDbStore((_, line) => this.logs.push(line), this.reaper, settings);
  }

  async start(table: Partial<TableArgs> = {}): Promise<void> {
    const [first, second] = regions;
    const replicas = [{ regionName: second }];
    const index = await plan(
      "",
      (region) => {
        if (region.name === first) addTable(region, { replicas, streamEnabled: true, ...global, ...table });
      },
      regions,
    );
    await this.store.open();
    await this.store.createTables(index);
    for (const region of regions) this.clients.set(region, this.clientAt(this.store.regions.get(region)!, region));
  }

  /** A client of the region's own address. */
  in(region: TestRegion): DynamoDBDocumentClient {
    return this.clients.get(region)!;
  }

  clientAt(endpoint: string, region: string, maxAttempts = 10): DynamoDBDocumentClient {
    return DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region, credentials, maxAttempts }));
  }

  async put(region: TestRegion, item: Readonly<Record<string, unknown>>): Promise<void> {
    await this.in(region).send(new PutCommand({ TableName: "things", Item: item }));
  }

  async get(region: TestRegion, id: string): Promise<Record<string, any> | undefined> {
    return (await this.in(region).send(new GetCommand({ TableName: "things", Key: { id } }))).Item;
  }

  async stop(): Promise<void> {
    for (const client of this.clients.values()) client.destroy();
    await this.store.stop();
    await this.reaper.stop();
  }
}

const global = { streamViewType: "NEW_AND_OLD_IMAGES" };
