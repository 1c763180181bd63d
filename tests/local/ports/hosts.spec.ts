import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningPlatform, startPlatform } from "../../../local/platform";
import { standIn } from "../helpers/artifact";
import { addApi, addEcs, addNames, addTable, plan } from "../helpers/program";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

function ask(url: string, headers: Record<string, string>, method = "GET"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(url, { agent: false, headers, method }, async (response) => {
      let text = "";
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode!, headers: response.headers, text });
    })
      .once("error", reject)
      .end();
  });
}

/** Sends lines as they are and returns the status. */
function send(url: string, ...lines: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1", () => socket.write(`${lines.join("\r\n")}\r\n\r\n`));
    socket.once("data", (data) => {
      resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(String(data))?.[1]));
      socket.destroy();
    });
    socket.once("error", reject);
  });
}

describe("servers that a browser can reach", () => {
  const artifact = standIn();
  const stateDir = mkdtempSync(join(tmpdir(), "state-"));
  let platform: RunningPlatform;
  let name: string;
  let servers: Record<string, string>;

  before(async () => {
    const { graph } = await plan(artifact.folder, (region) => {
      addTable(region);
      const api = addApi(region, { a: { server: addEcs(region).arn } });
      addNames(region, api.id, "PRIMARY");
    });
    platform = await startPlatform({ graph, stateDir, log: () => {} });
    name = platform.state().global.name;
    const { global, console: page, issuer, dynamodb, regions } = platform.endpoints;
    servers = {
      front: `${global}/a/things`,
      console: `${page}/`,
      state: `${page}/_platform/state`,
      store: `${dynamodb}/`,
      issuer: `${issuer}/clients`,
      gateway: `${regions["eu-west-1"]!.http}/a/things`,
    };
  });

  after(async () => {
    await platform?.stop();
    artifact.remove();
    rmSync(stateDir, { recursive: true, force: true });
  });

  for (const server of ["front", "console", "state", "store", "issuer", "gateway"]) {
    it(`answer 403 to the name of another site: ${server}`, async () => {
      const url = servers[server]!;
      for (const host of [
        "evil.example",
        "evil.example:8080",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "x127.0.0.1",
      ]) {
        const { status, text } = await ask(url, { host, accept: "text/html" });
        assert.deepEqual([host, status, text], [host, 403, '{"message":"Forbidden"}']);
      }
    });

    it(`answer to this machine's own names: ${server}`, async () => {
      const url = servers[server]!;
      const { port } = new URL(url);
      for (const host of [
        "127.0.0.1",
        `127.0.0.1:${port}`,
        `localhost:${port}`,
        `LOCALHOST:${port}`,
        `[::1]:${port}`,
      ]) {
        assert.deepEqual([host, (await ask(url, { host, accept: "text/html" })).status], [host, 200]);
      }
    });
  }

  it("answer to a planned name at the one address, in any case and with a port", async () => {
    for (const host of [name, name.toUpperCase(), `${name}:8080`]) {
      assert.deepEqual([host, (await ask(servers["front"]!, { host })).status], [host, 200]);
    }
  });

  it("refuse two Host headers at the one address, of which the first is a planned name", async () => {
    const lines = ["GET /_platform/state HTTP/1.1", "host: 127.0.0.1", "host: evil.example", "connection: close"];
    assert.equal(await send(servers["state"]!, ...lines), 403);
    assert.equal(await send(servers["state"]!, ...lines.filter((line) => !line.includes("evil"))), 200);
  });

  it("let no page of another origin read the store", async () => {
    const headers = { origin: "https://evil.example", "access-control-request-method": "POST" };
    for (const method of ["OPTIONS", "GET", "POST"]) {
      const answer = await ask(servers["store"]!, headers, method);
      const allowing = Object.keys(answer.headers).filter((header) => header.startsWith("access-control-"));
      assert.deepEqual([method, allowing], [method, []]);
    }
  });
});
