import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import type { MemberRow } from "./pre-token";

/** The table of members: hash key `id` (a user's `sub` or a client's id), attributes `tenant` and `tier`. */
export class Members {
  private readonly client = new DynamoDBClient({
    maxAttempts: 2,
    // Cognito waits for 5 s. Both attempts and a start of the function end before.
    requestHandler: { connectionTimeout: 500, requestTimeout: 1_000, throwOnRequestTimeout: true },
  });

  constructor(private readonly table: string) {}

  /** Reads a row, consistently: a member who was added or moved has the new tenant in the next token. */
  async read(id: string): Promise<MemberRow | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.table, Key: { id: { S: id } }, ConsistentRead: true }),
    );
    return Item && { tenant: Item["tenant"]?.S, tier: Item["tier"]?.S };
  }
}
