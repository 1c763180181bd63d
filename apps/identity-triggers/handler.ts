import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { createLogger, describeError } from "../kit/log";
import { requiredVariable } from "../kit/settings";
import { createPreTokenTrigger } from "./pre-token";

const table = requiredVariable("identity-triggers", process.env, "MEMBERS_TABLE");
const log = createLogger({ service: "identity-triggers" });
const client = new DynamoDBClient({
  maxAttempts: 2,
  // Cognito waits for 5 s. Both attempts and a start of the function end before.
  requestHandler: { connectionTimeout: 500, requestTimeout: 1_000, throwOnRequestTimeout: true },
});

/**
 * Handler of the user pool's pre-token trigger, see `createPreTokenTrigger` for its event and answer. MEMBERS_TABLE is the
 * name of the DynamoDB table of members: hash key `id` (a user's `sub` or a client's id), attributes `tenant` and `tier`.
 * The role may GetItem on that table.
 */
export const handler = createPreTokenTrigger({
  // A consistent read, so that a member who was added or moved has the new tenant in the next token.
  readMember: async (id) => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: { id: { S: id } }, ConsistentRead: true }),
    );
    return Item && { tenant: Item["tenant"]?.S, tier: Item["tier"]?.S };
  },
  onFailure: (what, error) => log.error(what, error === undefined ? {} : describeError(error)),
});
