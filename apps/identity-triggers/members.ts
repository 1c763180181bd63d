import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { TenantRow } from "./post-confirmation";
import type { MemberRow } from "./pre-token";

/** The table of members: hash key `id` (a user's `sub` or a client's id), attributes `tenant` and `tier`. */
export class Members {
  private readonly client = new DynamoDBClient({
    maxAttempts: 2,
    // Cognito waits for 5 s. Both attempts and a start of the function end before.
    requestHandler: { connectionTimeout: 500, requestTimeout: 1_000, throwOnRequestTimeout: true },
  });

  constructor(private readonly table: string) {}

  /** Reads the row of a member, consistently: who was added or moved has the new tenant in the next token. */
  async read(id: string): Promise<MemberRow | undefined> {
    const item = await this.get(id);
    return item && { tenant: item["tenant"]?.S, tier: item["tier"]?.S };
  }

  /** Reads the row of a tenant. */
  async readTenant(name: string): Promise<TenantRow | undefined> {
    const item = await this.get(`tenant#${name}`);
    return item && { tier: item["tier"]?.S, state: item["state"]?.S };
  }

  /** Makes the row of a member; leaves one that is there as it is. */
  async add({ id, tenant, tier }: { readonly id: string; readonly tenant: string; readonly tier: string }) {
    const Item = { id: { S: id }, tenant: { S: tenant }, tier: { S: tier } };
    const put = new PutItemCommand({ TableName: this.table, Item, ConditionExpression: "attribute_not_exists(id)" });
    await this.client.send(put).catch((error: Error) => {
      if (error.name !== "ConditionalCheckFailedException") throw error;
    });
  }

  private async get(id: string) {
    const key = { TableName: this.table, Key: { id: { S: id } } };
    return (await this.client.send(new GetItemCommand({ ...key, ConsistentRead: true }))).Item;
  }
}
