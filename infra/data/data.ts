import * as dynamodb from "@pulumi/aws/dynamodb";
import * as pulumi from "@pulumi/pulumi";
import type { DataOutputs, TableOutputs } from "../contract/layer-outputs";
import type { MoreTableSpec, ServiceSpec, TableSpec } from "../contract/service";
import { TableKeys } from "./table-keys";

/** Arguments of `Data`. */
export interface DataArgs {
  /** Region of the tables. */
  readonly region: string;
  /** Regions that have a replica of every table; may be empty. */
  readonly replicaRegions: readonly string[];
  readonly services: readonly Pick<ServiceSpec, "name" | "table" | "needs">[];
  readonly protection: boolean;
  /**
   * Encrypts the tables with a customer key instead of AWS's own key for DynamoDB, so that every use of it is in
   * CloudTrail and can be refused. A later change deletes the replicas and creates them again.
   * @default false
   */
  readonly customerKey?: boolean;
}

/** A service's own table, and the tables that it needs in addition, by name. */
interface ServiceTables {
  readonly own: dynamodb.Table;
  readonly more: Readonly<Record<string, { readonly table: dynamodb.Table; readonly spec: MoreTableSpec }>>;
}

/**
 * The DynamoDB tables: one per service, and those that services need in addition. With replicas they are global tables
 * that every region writes to.
 */
export class Data extends pulumi.ComponentResource {
  /** Region of the tables, part of their ARNs. */
  private readonly region: string;
  private readonly keys: TableKeys | undefined;
  private readonly tables: Readonly<Record<string, ServiceTables>>;

  constructor(name: string, args: DataArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:data:Data", name, {}, opts);
    this.region = args.region;
    this.keys = args.customerKey ? new TableKeys(`${name}-tables`, args, { parent: this }) : undefined;
    this.tables = Object.fromEntries(
      args.services.map((service) => [service.name, this.createTables(`${name}-${service.name}`, args, service)]),
    );
    this.registerOutputs({});
  }

  /** Returns the tables as a region sees them: the same names, and the ARNs of the region's own replicas and key. */
  tablesIn(region: string): DataOutputs {
    const keyIn = (where: string) => (this.keys === undefined ? {} : { keyArn: this.keys.arnIn(where) });
    const seen = ({ name, arn }: dynamodb.Table): TableOutputs => ({
      name,
      arn: arn.apply((text) => text.replace(`:${this.region}:`, `:${region}:`)),
      ...keyIn(region),
    });
    const home = ({ arn }: dynamodb.Table) => ({ region: this.region, arn, ...keyIn(this.region) });
    return byName(this.tables, ({ own, more }) => ({
      ...seen(own),
      ...(Object.keys(more).length === 0
        ? {}
        : {
            more: byName(more, ({ table, spec }) => ({ ...seen(table), ...(spec.home ? { home: home(table) } : {}) })),
          }),
    }));
  }

  private createTables(name: string, args: DataArgs, service: DataArgs["services"][number]): ServiceTables {
    const more = Object.entries(service.needs.tables ?? {}).map(([id, spec]) => {
      const table = this.createTable(`${name}-${id}`, args, { ...spec, indexes: [] });
      return [id, { table, spec }];
    });
    return { own: this.createTable(name, args, service.table), more: Object.fromEntries(more) };
  }

  private createTable(name: string, args: DataArgs, table: TableSpec & Pick<MoreTableSpec, "expires">): dynamodb.Table {
    const { protection, replicaRegions } = args;
    const keyIn = (region: string) => (this.keys === undefined ? {} : { kmsKeyArn: this.keys.arnIn(region) });
    const keys = [...new Set([table.hashKey, ...table.indexes.map((index) => index.hashKey)])];
    return new dynamodb.Table(
      name,
      {
        billingMode: "PAY_PER_REQUEST",
        hashKey: table.hashKey,
        attributes: keys.map((key) => ({ name: key, type: "S" })),
        globalSecondaryIndexes: table.indexes.map((index) => ({
          name: index.name,
          keySchemas: [{ attributeName: index.hashKey, keyType: "HASH" }],
          projectionType: "ALL",
        })),
        // DynamoDB gives every replica the setting of the first region.
        ...(table.expires ? { ttl: { attributeName: "expiresAt", enabled: true } } : {}),
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

function byName<From, To>(record: Readonly<Record<string, From>>, make: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, make(value)]));
}
