import { join } from "node:path";
import type { GraphIndex } from "../graph/model";
import { UserError } from "../graph/user-error";
import type { PlatformAccess } from "./access";
import type { AwsServices } from "./apigateway/rest/integrations/aws-service";
import type { DoorFault } from "./dynamodb/engine/door";
import { DynamoDbStore } from "./dynamodb/store";
import type { How } from "./faults/kinds";
import type { PlatformOptions } from "./platform-options";
import type { LogSink } from "./processes/lines";
import type { Reaper } from "./processes/reaper";
import type { ObjectChange } from "./s3/notifications";
import { ObjectStore } from "./s3/object-store";
import type { RoleSessions } from "./sts/role-sessions";
import type { TimeScale } from "./time-scale";

/**
 * Variables of the AWS SDK in servers and functions: its warning about old Node versions is off, and it reads no files of
 * the user who runs the platform.
 */
export const sdkVariables = {
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
};

/** Settings of `Storage`. */
interface StorageOptions extends Pick<PlatformOptions, "dynamodb" | "replicationSeconds" | "storeAddress"> {
  readonly time: TimeScale;
}

/** What servers and functions store in: the planned tables and buckets of all regions. It ends with the platform. */
export class Storage {
  /** From a write in one region to the moment at which other regions have it. */
  readonly lagSeconds: number;
  private readonly tables: DynamoDbStore;
  private readonly objects: ObjectStore;
  /** By region: the address that the region's tables are reached at. */
  private readonly inFront = new Map<string, string>();
  private readonly failing = new Map<string, DoorFault>();

  /** @param options  see `PlatformOptions` */
  constructor(
    log: LogSink,
    reaper: Reaper,
    private readonly options: StorageOptions,
  ) {
    const { time, dynamodb: remote, replicationSeconds = 1 } = options;
    this.lagSeconds = remote === undefined ? time.ms(replicationSeconds) / 1_000 : 0;
    const settings = { lagMs: this.lagSeconds * 1_000, factor: time.factor, ...(remote && { remote }) };
    this.tables = new DynamoDbStore(log, reaper, settings);
    this.objects = new ObjectStore(
      () => join(reaper.temporaryFolder, "objects"),
      (line) => log("s3", line),
    );
  }

  /** URL of the DynamoDB API of all regions. */
  get dynamodb(): string {
    return this.tables.url;
  }

  /** Returns the URL of a region's DynamoDB API, as what runs in the region is told. */
  dynamodbIn(region: string): string {
    return this.inFront.get(region) ?? this.tables.url;
  }

  /** Adds to the URLs of each region that of its DynamoDB API. */
  withTables<Urls extends object>(regions: Readonly<Record<string, Urls>>) {
    const added = Object.entries(regions).map(([region, urls]) => {
      return [region, { ...urls, dynamodb: this.dynamodbIn(region) }] as const;
    });
    return Object.fromEntries(added);
  }

  /** How far replicas of tables are behind. */
  get replicaLags() {
    return this.tables.lags;
  }

  /** Keeps regions' tables apart from all others; see `DynamoDbStore.isolate`. */
  isolateTables(regions: readonly string[]): Promise<void> {
    return this.tables.isolate(regions);
  }

  /** Has the store of a region fail, or work again, for what runs in the region. @throws {Error} when it has none */
  async failTables(region: string, how: How | undefined): Promise<void> {
    if (!this.inFront.has(region)) {
      throw new UserError(`region must have a store, got ${region}; allowed: ${[...this.inFront.keys()].join(", ")}`);
    }
    if (how === undefined) this.failing.delete(region);
    else this.failing.set(region, how as DoorFault);
    await this.tables.fail(Object.fromEntries(this.failing));
  }

  /** Returns how a gateway asks the stores as planned roles. */
  services(sessions: RoleSessions): AwsServices {
    return {
      origin: (service, region) => (service === "dynamodb" ? this.dynamodbIn(region) : undefined),
      keysOf: (roleArn) => (sessions.has(roleArn) ? sessions.open(roleArn) : undefined),
    };
  }

  /** Variables of the AWS SDK, with which it finds the stores, in a region. */
  variablesIn(region: string): Readonly<Record<string, string>> {
    const tables = this.dynamodbIn(region);
    return {
      ...sdkVariables,
      AWS_ENDPOINT_URL_DYNAMODB: tables,
      AWS_ENDPOINT_URL_DYNAMODB_STREAMS: tables,
      AWS_ENDPOINT_URL_S3: this.objects.url,
      ...this.tablesElsewhere(region),
    };
  }

  /** Variables of the kit for the tables of the other regions, as the SDK has none for them. */
  private tablesElsewhere(region: string): Readonly<Record<string, string>> {
    const others = [...this.inFront].filter(([name]) => name !== region);
    const variable = (name: string) => `AWS_ENDPOINT_URL_DYNAMODB_IN_${name.replaceAll("-", "_").toUpperCase()}`;
    return Object.fromEntries(others.map(([name, url]) => [variable(name), url]));
  }

  /** Has every change of an object told. */
  onObjectChange(tell: (change: ObjectChange) => void): void {
    this.objects.changed = tell;
  }

  /** Starts both stores, and opens each region of the plan, empty. @throws {UserError} when one does not start */
  async open(plan: Promise<GraphIndex>): Promise<void> {
    const tables = this.tables.open().then(async () => this.tables.openRegions(await plan));
    await Promise.all([tables, this.objects.open()]);
    const { storeAddress = (_: string, url: string) => url } = this.options;
    for (const [region, url] of this.tables.regions) this.inFront.set(region, await storeAddress(region, url));
  }

  /** Creates the planned tables and buckets. */
  async create(index: GraphIndex, { access, inStore }: PlatformAccess): Promise<void> {
    this.objects.createBuckets(index, access);
    await this.tables.allow(inStore);
    await this.tables.createTables(index);
  }

  async stop(): Promise<void> {
    await Promise.all([this.tables.stop(), this.objects.stop()]);
  }
}
