import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { HttpError } from "./errors";
import type { Item, ItemRepository } from "./repository";

/**
 * Items in a DynamoDB table. Region, credentials and endpoint come from the SDK's own environment variables, so the same
 * code talks to a table on this machine (AWS_ENDPOINT_URL_DYNAMODB).
 */
export function dynamoItems<T extends Item>(table: string, client = documentClient()): ItemRepository<T> {
  return {
    get: (id) =>
      stored(async () => {
        const answer = await client.send(new GetCommand({ TableName: table, Key: { id }, ConsistentRead: true }));
        return answer.Item as T | undefined;
      }),
    put: (item) =>
      stored(async () => {
        await client.send(new PutCommand({ TableName: table, Item: item }));
        return item;
      }),
    list: ({ index, key, value, limit, after }) =>
      stored(async () => {
        const answer = await client.send(
          new QueryCommand({
            TableName: table,
            IndexName: index,
            // Placeholders: key names may be reserved words, and a value must never be read as an expression.
            KeyConditionExpression: "#key = :value",
            ExpressionAttributeNames: { "#key": key },
            ExpressionAttributeValues: { ":value": value },
            Limit: limit,
            ...(after !== undefined && { ExclusiveStartKey: { id: after, [key]: value } }),
          }),
        );
        const next = answer.LastEvaluatedKey?.["id"] as string | undefined;
        return { items: (answer.Items ?? []) as T[], ...(next !== undefined && { next }) };
      }),
  };
}

/** Bounded: two attempts of 1 s to connect and 3 s to answer stay within a request's 10 s. */
function documentClient(): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    maxAttempts: 2,
    // Without the last flag the SDK only warns when a request is late.
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
  });
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

async function stored<R>(work: () => Promise<R>): Promise<R> {
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
