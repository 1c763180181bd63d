import * as dynamodb from "@pulumi/aws/dynamodb";
import * as pulumi from "@pulumi/pulumi";
import type { DataOutputs } from "../contract/layer-outputs";
import type { ServiceSpec } from "../contract/service";

export interface DataArgs {
  /** Region of the tables. */
  readonly region: string;
  /** Regions that hold a replica of every table. */
  readonly replicaRegions: readonly string[];
  readonly services: readonly Pick<ServiceSpec, "name" | "table">[];
  readonly protection: boolean;
}

/** One DynamoDB table per service; with replicas it is a global table that every region writes to. */
export class Data extends pulumi.ComponentResource {
  private readonly tables: Readonly<Record<string, dynamodb.Table>>;

  constructor(
    private readonly name: string,
    private readonly args: DataArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("platform:data:Data", name, {}, opts);
    this.tables = Object.fromEntries(args.services.map((service) => [service.name, this.createTable(service)]));
    this.registerOutputs({});
  }

  /** The tables as a region sees them: same names, ARNs of its own replicas. */
  in(region: string): DataOutputs {
    const arnIn = (table: dynamodb.Table) =>
      table.arn.apply((arn) => arn.replace(`:${this.args.region}:`, `:${region}:`));
    return Object.fromEntries(
      Object.entries(this.tables).map(([service, table]) => [service, { name: table.name, arn: arnIn(table) }]),
    );
  }

  private createTable({ name, table }: Pick<ServiceSpec, "name" | "table">): dynamodb.Table {
    const { protection, replicaRegions } = this.args;
    const keys = [...new Set([table.hashKey, ...table.indexes.map((index) => index.hashKey)])];
    return new dynamodb.Table(
      `${this.name}-${name}`,
      {
        billingMode: "PAY_PER_REQUEST",
        hashKey: table.hashKey,
        attributes: keys.map((key) => ({ name: key, type: "S" })),
        globalSecondaryIndexes: table.indexes.map((index) => ({
          name: index.name,
          keySchemas: [{ attributeName: index.hashKey, keyType: "HASH" }],
          projectionType: "ALL",
        })),
        serverSideEncryption: { enabled: true },
        pointInTimeRecovery: { enabled: true },
        deletionProtectionEnabled: protection,
        // Replicas copy the stream; DynamoDB refuses them without it.
        ...(replicaRegions.length === 0 ? {} : { streamEnabled: true, streamViewType: "NEW_AND_OLD_IMAGES" }),
        // Recovery, protection and tags are settings of each replica, not of the table.
        replicas: replicaRegions.map((regionName) => ({
          regionName,
          pointInTimeRecovery: true,
          deletionProtectionEnabled: protection,
          propagateTags: true,
        })),
      },
      { parent: this, protect: protection },
    );
  }
}
