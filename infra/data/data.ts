import * as dynamodb from "@pulumi/aws/dynamodb";
import * as pulumi from "@pulumi/pulumi";
import type { DataOutputs } from "../contract/layer-outputs";
import type { ServiceSpec } from "../contract/service";
import { TableKeys } from "./table-keys";

/** Arguments of `Data`. */
export interface DataArgs {
  /** Region of the tables. */
  readonly region: string;
  /** Regions that have a replica of every table; may be empty. */
  readonly replicaRegions: readonly string[];
  readonly services: readonly Pick<ServiceSpec, "name" | "table">[];
  readonly protection: boolean;
  /**
   * Encrypts the tables with a customer key instead of AWS's own key for DynamoDB, so that every use of it is in
   * CloudTrail and can be refused. A later change deletes the replicas and creates them again.
   * @default false
   */
  readonly customerKey?: boolean;
}

/** The DynamoDB tables, one per service. With replicas they are global tables that every region writes to. */
export class Data extends pulumi.ComponentResource {
  /** Region of the tables, part of their ARNs. */
  private readonly region: string;
  private readonly keys: TableKeys | undefined;
  private readonly tables: Readonly<Record<string, dynamodb.Table>>;

  constructor(name: string, args: DataArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:data:Data", name, {}, opts);
    this.region = args.region;
    this.keys = args.customerKey ? new TableKeys(`${name}-tables`, args, { parent: this }) : undefined;
    this.tables = Object.fromEntries(
      args.services.map((service) => [service.name, this.createTable(name, args, service)]),
    );
    this.registerOutputs({});
  }

  /** Returns the tables as a region sees them: the same names, and the ARNs of the region's own replicas and key. */
  tablesIn(region: string): DataOutputs {
    const key = this.keys === undefined ? {} : { keyArn: this.keys.arnIn(region) };
    const arnIn = (table: dynamodb.Table) => table.arn.apply((arn) => arn.replace(`:${this.region}:`, `:${region}:`));
    return Object.fromEntries(
      Object.entries(this.tables).map(([service, table]) => [service, { name: table.name, arn: arnIn(table), ...key }]),
    );
  }

  private createTable(name: string, args: DataArgs, service: DataArgs["services"][number]): dynamodb.Table {
    const { table } = service;
    const { protection, replicaRegions } = args;
    const keyIn = (region: string) => (this.keys === undefined ? {} : { kmsKeyArn: this.keys.arnIn(region) });
    const keys = [...new Set([table.hashKey, ...table.indexes.map((index) => index.hashKey)])];
    return new dynamodb.Table(
      `${name}-${service.name}`,
      {
        billingMode: "PAY_PER_REQUEST",
        hashKey: table.hashKey,
        attributes: keys.map((key) => ({ name: key, type: "S" })),
        globalSecondaryIndexes: table.indexes.map((index) => ({
          name: index.name,
          keySchemas: [{ attributeName: index.hashKey, keyType: "HASH" }],
          projectionType: "ALL",
        })),
        serverSideEncryption: { enabled: true, ...keyIn(args.region) },
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
          ...keyIn(regionName),
        })),
      },
      { parent: this, protect: protection },
    );
  }
}
