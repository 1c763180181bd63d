// A service that stores an item for each id that it is told, and says when it is stored.
const { DynamoDBClient, PutItemCommand } = require("@aws-sdk/client-dynamodb");

const client = new DynamoDBClient({ maxAttempts: 1, requestHandler: { socketAcquisitionWarningTimeout: 600_000 } });
process.once("disconnect", () => process.exit());
process.on("message", async (id) => {
  try {
    await client.send(new PutItemCommand({ TableName: "things", Item: { id: { S: id } } }));
    process.send({ stored: id });
  } catch {
    process.send({ failed: id });
  }
});
process.send({ ready: true });
