import { isDeepStrictEqual } from "node:util";
import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { HttpError } from "./errors";
import type { Item, ItemRepository } from "./repository";
import { tracedStore } from "./traced-client";
import { DELETED, itemOf, KIND, REGION, tombstoneExpiry, VERSION, versionAfter } from "./versions";

/** Times that a write is repeated with a higher version; each time another writer was faster. */
const maxWrites = 5;

/**
 * Makes the repository of items in a DynamoDB table. Each item is stored with the region and the version of its last change,
 * by which its change is published once, see docs/events.md. Region, credentials and endpoint come from the AWS SDK's own
 * environment variables; with AWS_ENDPOINT_URL_DYNAMODB the same code uses a table on this machine.
 * @param table  name of the table; its hash key must be `id`
 */
export function dynamoItems<T extends Item>(table: string, client = documentClient()): ItemRepository<T> {
  const stored = async (id: string): Promise<StoredItem | undefined> => {
    const answer = await client.send(new GetCommand({ TableName: table, Key: { id }, ConsistentRead: true }));
    return answer.Item as StoredItem | undefined;
  };
  const write = writer(table, client, stored);
  return {
    get: (id) => withStorageErrors(async () => itemOf<T>(await stored(id))),
    put: (item) =>
      withStorageErrors(async () => {
        await write(item);
        return item;
      }),
    delete: (id) =>
      withStorageErrors(async () => {
        if (itemOf(await stored(id)) === undefined) return;
        await write({ id, [KIND]: DELETED, expiresAt: tombstoneExpiry() });
      }),
    list: ({ index, key, value, limit, after }) =>
      withStorageErrors(async () => {
        const answer = await client.send(
          new QueryCommand({
            TableName: table,
            IndexName: index,
            // Placeholders, because key names may be reserved words, and a value must never be read as an expression.
            KeyConditionExpression: "#key = :value",
            ExpressionAttributeNames: { "#key": key },
            ExpressionAttributeValues: { ":value": value },
            Limit: limit,
            ...(after !== undefined && { ExclusiveStartKey: { id: after, [key]: value } }),
          }),
        );
        const next = answer.LastEvaluatedKey?.["id"] as string | undefined;
        const items = (answer.Items ?? []).flatMap((each) => itemOf<T>(each) ?? []);
        return { items, ...(next !== undefined && { next }) };
      }),
  };
}

/** An item as it is stored: with the attributes of its last change. */
type StoredItem = Item & { readonly [attribute: string]: unknown };

/**
 * Returns a function that stores an item with the client's region and a version that is higher than that of the item it
 * replaces, also when that was written by a clock that is fast. The condition needs no read unless it fails.
 */
function writer(
  table: string,
  client: DynamoDBDocumentClient,
  stored: (id: string) => Promise<StoredItem | undefined>,
): (item: Item | StoredItem) => Promise<void> {
  return async (item) => {
    const region = await client.config.region();
    let version = versionAfter(undefined);
    for (let writes = 1; ; writes++) {
      const written = { ...item, [REGION]: region, [VERSION]: version };
      try {
        await client.send(
          new PutCommand({
            TableName: table,
            Item: written,
            ConditionExpression: "attribute_not_exists(#version) OR #version < :version",
            ExpressionAttributeNames: { "#version": VERSION },
            ExpressionAttributeValues: { ":version": version },
          }),
        );
        return;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException) || writes === maxWrites) throw error;
        const found = await stored(item.id);
        // An attempt of this very write came through, and its answer was lost. Another writer may have the same version.
        if (isDeepStrictEqual(found, written)) return;
        version = versionAfter(found?.[VERSION]);
      }
    }
  };
}

/** Time limits of a client: two attempts, each 1 s to connect and 3 s to answer, end within a request's 10 s. */
export const clientLimits = {
  maxAttempts: 2,
  // Without `throwOnRequestTimeout` the SDK only warns when a request takes too long.
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
};

/** Makes a client with these limits. */
export function documentClient(): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(tracedStore(new DynamoDBClient(clientLimits)), {
    marshallOptions: { removeUndefinedValues: true },
  });
}

/** Runs a call of DynamoDB and turns its errors into `HttpError`s. */
export async function withStorageErrors<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    // DynamoDB has no error type of its own for an item over 400 KB.
    if (error instanceof Error && error.name === "ValidationException" && /size/i.test(error.message)) {
      throw new HttpError(413, "item_too_large", "The item must be at most 400 KB", error);
    }
    throw new HttpError(503, "storage_unavailable", "The storage did not answer; try again", error);
  }
}
