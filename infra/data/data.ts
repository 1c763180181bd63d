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
  readonly services: readonly Pick<ServiceSpec, "name" | "table" | "needs" | "publishes">[];
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
  /** Whether the stream of its own table is read. */
  readonly publishes: boolean;
}

type ServiceWithTable = Omit<DataArgs["services"][number], "table"> & { readonly table: TableSpec };

/** What the tables of a service differ in, apart from their keys. */
interface TableOptions extends Pick<MoreTableSpec, "expires"> {
  /** Whether the table has a stream, which replicas need anyway. */
  readonly streams: boolean;
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
      args.services.flatMap(({ table, ...service }) =>
        table === undefined
          ? []
          : [[service.name, this.createTables(`${name}-${service.name}`, args, { ...service, table })]],
      ),
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
    return byName(this.tables, ({ own, more, publishes }) => ({
      ...seen(own),
      ...(publishes ? { streamArn: this.streamIn(region, own) } : {}),
      ...(Object.keys(more).length === 0
        ? {}
        : {
            more: byName(more, ({ table, spec }) => ({ ...seen(table), ...(spec.home ? { home: home(table) } : {}) })),
          }),
    }));
  }

  private createTables(name: string, args: DataArgs, service: ServiceWithTable): ServiceTables {
    const more = Object.entries(service.needs.tables ?? {}).map(([id, spec]) => {
      const table = this.createTable(`${name}-${id}`, args, { ...spec, indexes: [], streams: false });
      return [id, { table, spec }];
    });
    const { publishes } = service;
    // Tombstones of deleted items expire.
    const own = this.createTable(name, args, {
      ...service.table,
      streams: publishes,
      ...(publishes && { expires: true }),
    });
    return { own, more: Object.fromEntries(more), publishes };
  }

  /** Returns the stream of a table in a region. Each replica has one of its own, with a label that AWS chooses. */
  private streamIn(region: string, { streamArn, replicas }: dynamodb.Table): pulumi.Output<string> {
    if (region === this.region) return streamArn;
    return replicas.apply((each) => {
      const found = each?.find(({ regionName }) => regionName === region)?.streamArn;
      if (found) return found;
      throw new pulumi.RunError(
        `a table has no stream in ${region}, got no replica with one; add the region to the table`,
      );
    });
  }

  private createTable(name: string, args: DataArgs, table: TableSpec & TableOptions): dynamodb.Table {
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
        // Replicas copy the stream; DynamoDB refuses them without it. A stream that is turned off ends its pipe.
        ...(replicaRegions.length === 0 && !table.streams
          ? {}
          : { streamEnabled: true, streamViewType: "NEW_AND_OLD_IMAGES" }),
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
