import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, createServer, get, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Relay } from "../../../local/faults/relay";

const names = join(__dirname, "../../../local/faults/names.cjs");

describe("a relay in front of a store", () => {
  let server: Server;
  let relay: Relay;
  const agent = new Agent({ keepAlive: true });

  beforeEach(async () => {
    server = createServer((_, response) => response.end("well"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    relay = new Relay(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await relay.open();
  });
  afterEach(async () => {
    agent.destroy();
    await relay.close();
    server.close();
    server.closeAllConnections();
  });

  /** Asks by a connection that is kept. */
  function ask(timeout = 2_000): Promise<string> {
    return new Promise((resolve, reject) => {
      const request = get({ port: relay.port, host: "127.0.0.1", agent, timeout }, (response) => {
        let text = "";
        response.on("data", (chunk) => {
          text += chunk;
        });
        response.on("end", () => resolve(text));
      });
      request.on("timeout", () => request.destroy(new Error("no answer")));
      request.on("error", reject);
    });
  }

  it("passes on what comes, both ways", async () => {
    for (let i = 0; i < 3; i++) assert.equal(await ask(), "well");
  });

  it("refuses connections, open ones too, and works again at the same port", async () => {
    const { port } = relay;
    assert.equal(await ask(), "well");
    await relay.fail("refuse");
    await assert.rejects(ask());
    await assert.rejects(ask(), { code: "ECONNREFUSED" });
    await relay.fail(undefined);
    assert.equal(relay.port, port);
    assert.equal(await ask(), "well");
  });

  it("takes requests and says nothing while it hangs, by open connections and new ones", async () => {
    assert.equal(await ask(), "well");
    await relay.fail("hang");
    for (let i = 0; i < 2; i++) await assert.rejects(ask(150), /no answer/);
    await relay.fail(undefined);
    assert.equal(await ask(), "well");
  });

  it("breaks open connections when its name vanishes, so that the name is asked for again", async () => {
    assert.equal(await ask(), "well");
    await relay.fail("vanish");
    await assert.rejects(ask());
  });
});

describe("names that vanish", () => {
  const folder = mkdtempSync(join(tmpdir(), "names-"));
  const file = join(folder, "names.json");
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** What a process is answered for names, by lookups with and without options and by a connection. */
  async function answers(gone: object): Promise<readonly string[]> {
    writeFileSync(file, JSON.stringify(gone));
    const program = `
      const { lookup } = require("node:dns");
      const { writeFileSync } = require("node:fs");
      if (process.argv[1] === "self") writeFileSync(process.env.PLATFORM_NAMES, JSON.stringify({ names: [], processes: [process.pid] }));
      const said = (error, found) => error ? [error.code, error.syscall, error.hostname].join(" ") : JSON.stringify(found);
      lookup("dynamodb.eu-west-1.localhost", (error, address) => {
        console.log(said(error, address));
        lookup("dynamodb.eu-west-1.localhost", { all: true }, (error, all) => {
          console.log(said(error, all));
          require("node:http").get("http://dynamodb.eu-west-1.localhost:1/").on("error", (error) => console.log(error.code));
        });
      });`;
    const self = (gone as { processes?: unknown }).processes === "self" ? ["self"] : [];
    const { stdout } = await promisify(execFile)(process.execPath, ["-r", names, "-e", program, ...self], {
      env: { ...process.env, PLATFORM_NAMES: file },
    });
    return stdout.trim().split("\n");
  }

  const notFound = "ENOTFOUND getaddrinfo dynamodb.eu-west-1.localhost";

  it("are found on this machine while they are there", async () => {
    const found = ['"127.0.0.1"', '[{"address":"127.0.0.1","family":4}]', "ECONNREFUSED"];
    assert.deepEqual(await answers({ names: ["dynamodb.eu-central-1.localhost"], processes: [1] }), found);
  });

  it("fail as Node.js fails for a name that the DNS does not have", async () => {
    const gone = await answers({ names: ["dynamodb.eu-west-1.localhost"], processes: [] });
    assert.deepEqual(gone, [notFound, notFound, "ENOTFOUND"]);
  });

  it("are all gone for a process whose zone has lost its resolver", async () => {
    assert.deepEqual(await answers({ names: [], processes: "self" }), [notFound, notFound, "ENOTFOUND"]);
  });
});
