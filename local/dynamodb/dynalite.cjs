// The store's process: serves DynamoDB's API over LevelDB on loopback. Gets `{ path, port }` over IPC and answers `{ port }`;
// gets `{ access }` when the plan is known.
const dynalite = require("dynalite");
const { StoreGuard } = require("../../cli/load.cjs").load("store-guard", "local/dynamodb");

let guard;
process.on("message", ({ path, port, access }) => {
  if (access !== undefined) {
    guard.allow(access);
    process.send({ allowed: true });
    return;
  }
  const server = dynalite({ path, createTableMs: 0 });
  const [answer] = server.listeners("request");
  guard = new StoreGuard((req, res) => answer.call(server, req, res));
  server.removeAllListeners("request").on("request", guard.handle);
  server.listen(port, "127.0.0.1", () => process.send({ port: server.address().port }));
});
process.once("disconnect", () => process.exit());
// dynalite throws when a client is killed in the middle of a request; the store must continue for all other clients.
process.on("uncaughtException", (error) => {
  if (error.code === "EADDRINUSE") throw error;
  if (error.code !== "ECONNRESET") process.stderr.write(`${error.stack}\n`);
});
