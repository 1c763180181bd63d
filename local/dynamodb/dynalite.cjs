// The store's process: DynamoDB's API over LevelDB, on loopback. Asks for `{ path, port }`, answers `{ port }`.
const dynalite = require("dynalite");

process.once("message", ({ path, port }) => {
  const server = dynalite({ path, createTableMs: 0 });
  server.listen(port, "127.0.0.1", () => process.send({ port: server.address().port }));
});
process.once("disconnect", () => process.exit());
// A caller that is killed in the middle of a request makes dynalite throw; the items of all others must survive that.
process.on("uncaughtException", (error) => {
  if (error.code === "EADDRINUSE") throw error;
  if (error.code !== "ECONNRESET") process.stderr.write(`${error.stack}\n`);
});
