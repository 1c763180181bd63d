// The store's process: serves DynamoDB's API over LevelDB on loopback. Gets messages over IPC, each with a number, and
// answers each with the same number; local/dynamodb/engine/store-host.ts says what they are.
const { StoreHost } = require("../../cli/load.cjs").load("store-host", "local/dynamodb/engine");

const send = (answer) => process.connected && process.send(answer);
const host = new StoreHost(send);
let last = Promise.resolve();
process.on("message", ({ id, message }) => {
  last = last
    .then(async () => send({ id, ...(await host.handle(message)) }))
    .catch((error) => send({ id, failed: error.message }));
});
process.once("disconnect", () => process.exit());
// What a client that was killed in the middle of a request leads to must not end the store for all others.
process.on("uncaughtException", (error) => {
  if (error.code === "EADDRINUSE") throw error;
  if (error.code !== "ECONNRESET") process.stderr.write(`${error.stack}\n`);
});
