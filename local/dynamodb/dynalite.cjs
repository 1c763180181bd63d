// The store's process: serves DynamoDB's API over LevelDB on loopback. Gets `{ path, port, loopbackHost }` over IPC, answers
// `{ port }`.
const dynalite = require("dynalite");

process.once("message", ({ path, port, loopbackHost }) => {
  const server = dynalite({ path, createTableMs: 0 });
  guard(server, new RegExp(loopbackHost, "i"));
  server.listen(port, "127.0.0.1", () => process.send({ port: server.address().port }));
});
process.once("disconnect", () => process.exit());
// dynalite throws when a client is killed in the middle of a request; the store must continue for all other clients.
process.on("uncaughtException", (error) => {
  if (error.code === "EADDRINUSE") throw error;
  if (error.code !== "ECONNRESET") process.stderr.write(`${error.stack}\n`);
});

/** Keeps pages of browsers out: no Host but this machine's (local/ports/hosts.ts), and no permission for other origins. */
function guard(server, allowedHost) {
  const [answer] = server.listeners("request");
  server.removeAllListeners("request").on("request", (req, res) => {
    if (!allowedHost.test(req.headers.host ?? "")) {
      res.writeHead(403, { "content-type": "application/json" }).end('{"message":"Forbidden"}');
      return;
    }
    delete req.headers.origin; // dynalite would allow any origin to read its answers
    answer(req, res);
  });
}
