import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { documentClient } from "../kit/dynamo";
import { type Figure, type Figures, freshMs } from "./figure";

/** Seconds after which a figure that is not asked for may be removed. */
const keptSeconds = 86_400;

/** Makes the figures of a table in DynamoDB: hash key `id`; `removeAt` is its time to live. @param TableName  its name */
export function figureTable(TableName: string, client = documentClient()): Figures {
  return {
    async get(id) {
      const { Item } = await client.send(new GetCommand({ TableName, Key: { id }, ConsistentRead: true }));
      return Item?.["figure"] as Figure | undefined;
    },
    async claim(id, now) {
      try {
        await client.send(
          new UpdateCommand({
            ...{ TableName, Key: { id } },
            UpdateExpression: "SET claimedAt = :now, removeAt = :removeAt",
            ConditionExpression: "attribute_not_exists(claimedAt) OR claimedAt <= :before",
            ExpressionAttributeValues: { ":now": now, ":before": now - freshMs, ":removeAt": removeAt(now) },
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
    async put(id, figure) {
      await client.send(
        new UpdateCommand({
          ...{ TableName, Key: { id } },
          UpdateExpression: "SET figure = :figure, removeAt = :removeAt",
          ExpressionAttributeValues: { ":figure": figure, ":removeAt": removeAt(figure.asOf) },
        }),
      );
    },
  };
}

function removeAt(now: number): number {
  return Math.floor(now / 1_000) + keptSeconds;
}
