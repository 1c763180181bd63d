import type { GraphIndex, PlannedResource } from "../../graph/model";
import { oneOf } from "../unsupported";

/** A table of the plan in the terms of DynamoDB's API. */
export interface PlannedTable {
  readonly name: string;
  /** Regions that have it, the one it is planned in first; with several it is one global table. */
  readonly regions: readonly string[];
  /** Attribute that says when an item expires. @default none does */
  readonly timeToLive?: string;
  /** What the ARN of its stream ends with. @default it has none, or the plan does not say it */
  readonly streamLabel?: string;
  /** Input of CreateTable. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** Reads the planned tables. @throws {UserError} on a setting that the store does not have */
export function readTables(index: GraphIndex): PlannedTable[] {
  return index.ofType("aws:dynamodb/table:Table").map(readTable);
}

/** Returns the regions of a plan: all that have a resource, or a replica of a table. */
export function regionsOf(index: GraphIndex, tables: readonly PlannedTable[]): string[] {
  const regions = index.graph.resources.flatMap(({ region }) => region ?? []);
  return [...new Set([...tables.flatMap((table) => table.regions), ...regions])].sort();
}

function readTable(table: PlannedResource): PlannedTable {
  const { outputs } = table;
  oneOf(table, "billingMode", ["PAY_PER_REQUEST"], outputs["billingMode"]);
  oneOf(table, "localSecondaryIndexes", [undefined], outputs["localSecondaryIndexes"]);
  const indexes: any[] = outputs["globalSecondaryIndexes"] ?? [];
  const replicas: any[] = outputs["replicas"] ?? [];
  for (const { consistencyMode } of replicas) {
    oneOf(table, "replicas.consistencyMode", [undefined, "EVENTUAL"], consistencyMode);
  }
  const { attributeName, enabled } = outputs["ttl"] ?? {};
  return {
    name: outputs["name"],
    ...(enabled && attributeName ? { timeToLive: attributeName } : {}),
    ...streamOf(outputs),
    regions: [table.region!, ...replicas.map(({ regionName }): string => regionName)],
    input: {
      TableName: outputs["name"],
      BillingMode: outputs["billingMode"],
      AttributeDefinitions: outputs["attributes"].map((each: any) => ({
        AttributeName: each.name,
        AttributeType: each.type,
      })),
      KeySchema: keySchema(outputs),
      ...(outputs["streamEnabled"]
        ? { StreamSpecification: { StreamEnabled: true, StreamViewType: outputs["streamViewType"] } }
        : {}),
      ...(indexes.length === 0
        ? {}
        : {
            GlobalSecondaryIndexes: indexes.map((each) => ({
              IndexName: each.name,
              KeySchema: keySchema(each),
              Projection: projection(each),
            })),
          }),
    },
  };
}

function streamOf({ streamArn }: PlannedResource["outputs"]): { readonly streamLabel?: string } {
  const [, streamLabel] = /\/stream\/(.+)$/.exec(String(streamArn ?? "")) ?? [];
  return streamLabel === undefined ? {} : { streamLabel };
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
