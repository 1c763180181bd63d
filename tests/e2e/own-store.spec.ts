import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { request } from "undici";
import { catalog } from "../../apps/catalog";
import { callAsOperator } from "../../local/dynamodb/operator-call";
import { Command, Folder } from "../helpers/command";
import { type Emulator, startEmulator } from "../provider/emulator/moto";

const shipment = { path: "/shipping/shipments/kept", body: catalog.shipping.definitions["put-shipment"].sample! };

describe("npm start -- --dynamodb", function () {
  // moto is installed first, where no other test has done it.
  this.timeout(300_000);
  let moto: Emulator;

  before(async () => {
    moto = await startEmulator(() => {});
    // It loads its services at the first call, which takes long on a busy machine.
    await callAsOperator(moto.url, "eu-west-1", "ListTables", {}).catch(() => undefined);
  });
  after(() => moto.stop());

  /** Starts dev, and asks for the shipment with a token. */
  async function during<T>(
    ask: (call: (method: "GET" | "PUT", body?: object) => Promise<any>) => Promise<T>,
  ): Promise<T> {
    const folder = new Folder();
    const start = ["start", "--port", "0", "--state", folder.state, "--dynamodb", moto.url];
    const command = new Command(folder, start);
    try {
      const [, url] = await command.says(/^ready (\S+)$/m, 60_000);
      const { replicationSeconds } = JSON.parse(readFileSync(join(folder.state, "endpoints.json"), "utf8"));
      assert.equal(replicationSeconds, 0);
      const token = new Command(folder, ["token", "--state", folder.state, "--user", "ada", "--group", "editors"]);
      const authorization = `Bearer ${(await token.ended).stdout.trim()}`;
      return await ask(async (method, body) => {
        const headers = { authorization, ...(body && { "content-type": "application/json" }) };
        const sent = body ? { body: JSON.stringify(body) } : {};
        const answer = await request(url! + shipment.path, { method, headers, ...sent });
        return [answer.statusCode, await answer.body.json()];
      });
    } finally {
      command.child.kill("SIGINT");
      await command.ended;
      await command.gone();
      folder.remove();
    }
  }

  it("keeps what services stored when the platform ends and starts again", async () => {
    const expected = [200, { id: "kept", ...shipment.body }];
    assert.deepEqual(await during((call) => call("PUT", shipment.body)), expected);
    assert.deepEqual(await during((call) => call("GET")), expected);
  });

  it("says in one sentence what is no origin, and that no store answers", async () => {
    const folder = new Folder();
    const wrong = await new Command(folder, ["start", "--dynamodb", "localhost:8000"]).ended;
    assert.match(wrong.stderr, /--dynamodb <url>.* must be an origin, such as http:\/\/127\.0\.0\.1:8000\./);
    assert.equal(wrong.code, 2);
    const args = ["start", "--port", "0", "--state", folder.state, "--dynamodb", "http://127.0.0.1:1"];
    const absent = await new Command(folder, args).ended;
    assert.match(absent.stderr, /the store at http:\/\/127\.0\.0\.1:1 must answer as DynamoDB does, got: .*; start it/);
    assert.equal(absent.code, 1);
    folder.remove();
  });
});
