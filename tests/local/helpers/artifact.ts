import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Speaks the contract of a service's server, and does what its path says. */
const server = `
const { createServer } = require("node:http");
let sick = process.env.SICK === "1";
const answer = { pid: process.pid, table: process.env.TABLE_NAME, drain: process.env.DRAIN_SECONDS };
const server = createServer((request, response) => {
  if (request.url === "/sicken") sick = true;
  response.statusCode = sick && request.url.endsWith("/healthz") ? 500 : 200;
  response.end(JSON.stringify(answer));
});
if (process.env.CRASH === "1") throw new Error("no table today");
server.listen(process.env.PORT, process.env.HOST, () =>
  console.log(JSON.stringify({ msg: "listening", port: server.address().port })));
process.once("SIGTERM", () => setTimeout(() => process.exit(0), process.env.DRAIN_SECONDS * 1000));
process.once("SIGINT", () => process.exit(0));
`;

const healthcheck = `
require("node:http").get({ port: process.env.PORT, host: "127.0.0.1", path: "/healthz" }, (response) =>
  process.exit(response.statusCode === 200 ? 0 : 1));
`;

const handler = `
exports.handler = async (event, context) => {
  switch (event.do) {
    case "throw": throw new TypeError("bad event");
    case "exit": process.exit(7);
    case "spin": for (;;);
    case "sleep": await new Promise((resolve) => setTimeout(resolve, event.ms));
  }
  return { pid: process.pid, table: process.env.TABLE_NAME, name: context.functionName, left: context.getRemainingTimeInMillis() };
};
`;

/** A folder that looks like a built service. @param more  files beside those of every service, by path */
export function standIn(more: Readonly<Record<string, string>> = {}): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "artifact-"));
  const files = {
    "server.cjs": server,
    "healthcheck.cjs": healthcheck,
    "handler.cjs": handler,
    Procfile: "web: node server.cjs\n",
    ...more,
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
