import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { App, AppDependencies } from "./app";
import { documentClient, withStorageErrors } from "./dynamo";
import { EXPIRY } from "./needs";
import type { MoreTableSpec } from "./needs-definition";
import type { Item } from "./repository";
import { type EnvironmentVariables, tableSetting } from "./settings";

/** How an item is put into a `KeyTable`. */
export interface PutOptions {
  /**
   * Time after which the item is no longer there, in seconds since the epoch.
   * @default it stays
   */
  readonly expiresAt?: number;
  /**
   * Attribute, a number, that must be larger than that of the item that is there; else nothing is written.
   * @default the item replaces any other
   */
  readonly ifNewerBy?: string;
}

/**
 * Items of one more table of a service, by key. It fails with an `HttpError`: 503 `storage_unavailable` or 413
 * `item_too_large`.
 */
export interface KeyTable {
  /** Reads an item, strongly consistent; undefined when it has expired, though DynamoDB may still have it. */
  get<T extends object>(key: string): Promise<T | undefined>;
  /** Stores an item. It may be repeated. @returns whether it was stored */
  put(key: string, item: object, options?: PutOptions): Promise<boolean>;
}

/** Where a `KeyTable` is. */
export interface KeyTablePlace {
  /** Name of the table. */
  readonly table: string;
  /** @default "id" */
  readonly hashKey?: string;
  readonly client?: DynamoDBDocumentClient;
  /** Milliseconds of a clock. */
  readonly now?: () => number;
}

/** Makes the items of a table. With AWS_ENDPOINT_URL_DYNAMODB the same code uses a table on this machine. */
export function keyTable(place: KeyTablePlace): KeyTable {
  const { table, hashKey = "id", client = documentClient(), now = Date.now } = place;
  return {
    get: <T extends object>(key: string) =>
      withStorageErrors(async () => {
        const command = new GetCommand({ TableName: table, Key: { [hashKey]: key }, ConsistentRead: true });
        const { Item: found } = await client.send(command);
        if (found === undefined || Number(found[EXPIRY] ?? Number.POSITIVE_INFINITY) * 1_000 <= now()) return undefined;
        const { [hashKey]: _key, [EXPIRY]: _expiry, ...item } = found;
        return item as T;
      }),
    put: (key, item, { expiresAt, ifNewerBy } = {}) =>
      withStorageErrors(async () => {
        const expiry = expiresAt === undefined ? {} : { [EXPIRY]: expiresAt };
        const command = new PutCommand({
          TableName: table,
          Item: { ...item, [hashKey]: key, ...expiry },
          ...(ifNewerBy === undefined ? {} : newer(ifNewerBy, item)),
        });
        try {
          await client.send(command);
          return true;
        } catch (error) {
          if (error instanceof Error && error.name === "ConditionalCheckFailedException") return false;
          throw error;
        }
      }),
  };
}

function newer(attribute: string, item: object) {
  return {
    ConditionExpression: "attribute_not_exists(#newer) OR #newer < :newer",
    ExpressionAttributeNames: { "#newer": attribute },
    ExpressionAttributeValues: { ":newer": (item as Record<string, unknown>)[attribute] },
  };
}

/** What the app of a service with more tables is given by its adapter. */
export interface TableDependencies<Name extends string> {
  readonly tables: Readonly<Record<Name, KeyTable>>;
}

/**
 * Gives the app of a service more tables, which the environment variables `TABLE_<NAME>` name.
 * @param service  name of the service in its contract
 * @param specs  `needs.tables` of its contract
 * @throws {Error} one sentence when a variable is missing, as soon as the adapter makes the app
 * @example serve(shop.name, withTables(shop.name, shopTables, createApp)); // createApp gets { items, tables, log }
 */
export function withTables<Name extends string, Own extends AppDependencies<Item> & TableDependencies<Name>>(
  service: string,
  specs: Readonly<Record<Name, MoreTableSpec>>,
  createApp: (dependencies: Own) => App,
  env: EnvironmentVariables = process.env,
): (dependencies: Omit<Own, "tables">) => App {
  return (dependencies) => {
    const client = documentClient();
    const tables = Object.entries<MoreTableSpec>(specs).map(([name, { hashKey }]) => [
      name,
      keyTable({ table: tableSetting(service, env, name), hashKey, client }),
    ]);
    return createApp({ ...dependencies, tables: Object.fromEntries(tables) } as unknown as Own);
  };
}
