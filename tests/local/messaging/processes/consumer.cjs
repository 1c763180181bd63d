// A function that makes one effect of each event, however often it gets it. Events of the kind "poison" fail until the item
// "fixed" is there.
const { DynamoDBClient, GetItemCommand, TransactWriteItemsCommand } = require("@aws-sdk/client-dynamodb");

const client = new DynamoDBClient({ maxAttempts: 1 });
const isFixed = async () => {
  const { Item } = await client.send(new GetItemCommand({ TableName: "effects", Key: { id: { S: "fixed" } } }));
  return Item !== undefined;
};

async function effect(id) {
  // The marker is put, and the effect made, in one step: neither is there without the other.
  const marker = {
    Put: { TableName: "markers", Item: { id: { S: id } }, ConditionExpression: "attribute_not_exists(id)" },
  };
  const Update = {
    ...{ TableName: "effects", Key: { id: { S: id } } },
    ...{ UpdateExpression: "ADD n :one", ExpressionAttributeValues: { ":one": { N: "1" } } },
  };
  try {
    await client.send(new TransactWriteItemsCommand({ TransactItems: [marker, { Update }] }));
  } catch (error) {
    const [reason] = error.CancellationReasons ?? [];
    if (reason?.Code !== "ConditionalCheckFailed") throw error;
    process.stdout.write(`again ${id}\n`);
  }
}

exports.handler = async ({ Records }) => {
  const fixed = await isFixed();
  const results = await Promise.allSettled(
    Records.map(async ({ body }) => {
      const id = JSON.parse(body).dynamodb.Keys.id.S;
      if (id.startsWith("poison") && !fixed) throw new Error("poison");
      await effect(id);
    }),
  );
  const failed = Records.filter((_, at) => results[at].status === "rejected");
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};
