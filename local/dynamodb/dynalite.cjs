// The store's process: serves DynamoDB's API over LevelDB on loopback. Gets `{ path, port }` over IPC, answers `{ port }`.
const dynalite = require("dynalite");

process.once("message", ({ path, port }) => {
  const server = dynalite({ path, createTableMs: 0 });
  server.listen(port, "127.0.0.1", () => process.send({ port: server.address().port }));
});
process.once("disconnect", () => process.exit());
// dynalite throws when a client is killed in the middle of a request; the store must continue for all other clients.
process.on("uncaughtException", (error) => {
  if (error.code === "EADDRINUSE") throw error;
  if (error.code !== "ECONNRESET") process.stderr.write(`${error.stack}\n`);
});
