import { join } from "node:path";
import type { GraphIndex } from "../graph/model";
import type { PlatformAccess } from "./access";
import type { AwsServices } from "./apigateway/rest/integrations/aws-service";
import { DynamoDbStore } from "./dynamodb/store";
import type { LogSink } from "./processes/lines";
import type { Reaper } from "./processes/reaper";
import { ObjectStore } from "./s3/object-store";
import type { RoleSessions } from "./sts/role-sessions";

/**
 * Variables of the AWS SDK in servers and functions: its warning about old Node versions is off, and it reads no files of
 * the user who runs the platform.
 */
export const sdkVariables = {
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
};

/** What servers and functions store in: the planned tables and buckets of all regions. It ends with the platform. */
export class Storage {
  private readonly tables: DynamoDbStore;
  private readonly objects: ObjectStore;

  constructor(log: LogSink, reaper: Reaper) {
    this.tables = new DynamoDbStore(log, reaper);
    this.objects = new ObjectStore(() => join(reaper.temporaryFolder, "objects"));
  }

  /** URL of the DynamoDB API. */
  get dynamodb(): string {
    return this.tables.url;
  }

  /** Returns how a gateway asks the stores as planned roles. */
  services(sessions: RoleSessions): AwsServices {
    return {
      origin: (service) => (service === "dynamodb" ? this.tables.url : undefined),
      keysOf: (roleArn) => (sessions.has(roleArn) ? sessions.open(roleArn) : undefined),
    };
  }

  /** Variables with which the AWS SDK finds the stores. */
  get variables(): Readonly<Record<string, string>> {
    return { AWS_ENDPOINT_URL_DYNAMODB: this.tables.url, AWS_ENDPOINT_URL_S3: this.objects.url };
  }

  /** Starts both stores, empty. @throws {UserError} when one does not start */
  async open(): Promise<void> {
    await Promise.all([this.tables.open(), this.objects.open()]);
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
