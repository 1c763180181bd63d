import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { HttpError } from "./errors";
import type { Item, ItemRepository } from "./repository";

/**
 * Makes the repository of items in a DynamoDB table. Region, credentials and endpoint come from the AWS SDK's own
 * environment variables; with AWS_ENDPOINT_URL_DYNAMODB the same code uses a table on this machine.
 * @param table  name of the table; its hash key must be `id`
 */
export function dynamoItems<T extends Item>(table: string, client = documentClient()): ItemRepository<T> {
  return {
    get: (id) =>
      withStorageErrors(async () => {
        const answer = await client.send(new GetCommand({ TableName: table, Key: { id }, ConsistentRead: true }));
        return answer.Item as T | undefined;
      }),
    put: (item) =>
      withStorageErrors(async () => {
        await client.send(new PutCommand({ TableName: table, Item: item }));
        return item;
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
        return { items: (answer.Items ?? []) as T[], ...(next !== undefined && { next }) };
      }),
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
  return DynamoDBDocumentClient.from(new DynamoDBClient(clientLimits), {
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
