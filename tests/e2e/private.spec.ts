import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { request } from "undici";
import { type ServiceName, serviceNames } from "../../apps/catalog";
import { planStack } from "../../graph/plan";
import { patternNames } from "../../infra/compute/registry";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import { changedValues } from "../helpers/configuration";
import { sign } from "../local/iam/sigv4/signer";
import { environmentOf } from "./helpers/process-environment";

const root = join(__dirname, "../..");
const command = join(root, "cli/platform.cjs");
const region = "eu-west-1";
const food = { name: "Apple", category: "fruit", weightGrams: 180, price: { amount: 120 }, currency: "EUR" };
const quote = { taxPercent: 10, lines: [{ kind: "food", id: "apple-1", quantity: 3 }] };

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Finds credentials as the code of a process would: from its environment variables. */
async function keysOf(pid: number): Promise<Keys> {
  // The process of a function has a channel to the platform.
  const { NODE_CHANNEL_FD: _, ...env } = environmentOf(pid);
  const program = `require("@aws-sdk/credential-provider-node").defaultProvider()().then((k) => console.log(JSON.stringify(k)))`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", program], { env, cwd: root });
  return JSON.parse(stdout);
}

for (const pattern of patternNames) {
  describe(`services that call each other through the private API, under ${pattern}`, function () {
    this.timeout(60_000);
    const state = mkdtempSync(join(tmpdir(), "platform-"));
    let platform: RunningPlatform;
    let privateUrl: string;
    let token: string;

    before(async () => {
      const config = changedValues("dev", (values) => {
        for (const name of serviceNames) values.services[name].pattern = pattern;
      });
      platform = await startPlatform({ graph: await planStack("dev", { config }), stateDir: state, log: () => {} });
      privateUrl = platform.endpoints.regions[region]!.private!;
      const args = ["token", "--user", "ada", "--group", "editors", "--state", state];
      const { stdout } = await promisify(execFile)(process.execPath, [command, ...args], { cwd: root });
      token = stdout.trim();
      assert.equal((await put("/food-store/foods/apple-1", food)).status, 200);
    });
    after(async () => {
      await platform?.stop();
      rmSync(state, { recursive: true, force: true });
    });

    async function put(path: string, body: unknown) {
      const answer = await request(`${platform.endpoints.global}${path}`, {
        method: "PUT",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      return { status: answer.statusCode, json: (await answer.body.json()) as any };
    }

    /** Asks the private API, signed by some keys; without keys unsigned. */
    async function ask(path: string, keys?: Keys, method = "GET") {
      const { host } = new URL(privateUrl);
      const signed = keys && (await sign({ method, path, headers: { host } }, { ...keys, at: new Date() }));
      const names = signed?.rawHeaders ?? [];
      const headers = Object.fromEntries(names.flatMap((name, i) => (i % 2 === 0 ? [[name, names[i + 1]!]] : [])));
      const answer = await request(`${privateUrl}${path}`, { method: method as "GET", headers });
      return [answer.statusCode, ((await answer.body.json()) as any).message ?? "", answer.headers["x-amzn-errortype"]];
    }

    async function keysOfService(service: ServiceName): Promise<Keys> {
      // A function has a process only after its first event.
      await request(`${platform.endpoints.global}/${service}/healthz`).then(({ body }) => body.dump());
      const view = platform.state().workloads.find((each) => each.service === service);
      return keysOf(view!.servers.find(({ pid }) => pid !== undefined)!.pid!);
    }

    it("prices a quote with what the stores answer, and names an item that they do not have", async () => {
      const { status, json } = await put("/price-calculator/quotes/q-1", quote);
      assert.deepEqual(
        [status, json.lines[0].unitPrice, json.subtotal.amount, json.tax.amount, json.total.amount],
        [200, food.price, 360, 36, 396],
        JSON.stringify(json),
      );
      const unknown = { ...quote, lines: [{ kind: "pet", id: "no-such-pet", quantity: 1 }] };
      const refused = await put("/price-calculator/quotes/q-2", unknown);
      assert.deepEqual([refused.status, refused.json.code], [400, "unknown_item"]);
      assert.match(refused.json.message, /lines\[0\]: there is no pet with this id/);
    });

    it("refuses what is not signed, and what a role of the account signs that no service's calls name", async () => {
      const path = "/food-store/foods/apple-1";
      const [caller, other] = [await keysOfService("price-calculator"), await keysOfService("shipping")];
      assert.deepEqual(await ask(path, caller), [200, "", undefined]);
      assert.deepEqual((await ask(path)).slice(0, 2), [403, "Missing Authentication Token"]);
      const [status, message] = await ask(path, other);
      assert.equal(status, 403);
      assert.match(
        String(message),
        /^User: arn:aws:sts::\d+:assumed-role\/\S*shipping\S* is not authorized to perform: execute-api:Invoke on resource: \S+\/live\/GET\/food-store\/foods\/apple-1 with an explicit deny in a resource-based policy$/,
      );
      // An administrator, whose own policy allows everything, is not named either.
      const administrator = { accessKeyId: "local", secretAccessKey: "local", sessionToken: "" };
      assert.match(String((await ask(path, administrator))[1]), /with an explicit deny in a resource-based policy/);
    });

    it("lets a caller call its own routes only: no other route of the callee, no other method", async () => {
      const caller = await keysOfService("price-calculator");
      for (const [path, method] of [
        ["/food-store/foods", "GET"],
        ["/food-store/foods/apple-1", "PUT"],
        ["/shipping/shipments", "GET"],
        ["/price-calculator/quotes/q-1", "GET"],
      ] as const) {
        assert.equal((await ask(path, caller, method))[0], 403, `${method} ${path}`);
      }
    });

    it("is not reached from outside the VPC: no public gateway answers for its name", async () => {
      const caller = await keysOfService("price-calculator");
      const { http } = platform.endpoints.regions[region]!;
      for (const url of [platform.endpoints.global, http]) {
        const path = "/food-store/foods/apple-1";
        const host = "internal.dev.example.com";
        const { rawHeaders } = await sign({ method: "GET", path, headers: { host } }, { ...caller, at: new Date() });
        const pairs = rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [[name, rawHeaders[i + 1]!] as const] : []));
        const answer = await request(`${url}${path}`, { headers: Object.fromEntries(pairs) });
        await answer.body.dump();
        assert.ok([403, 404].includes(answer.statusCode), `${url}: ${answer.statusCode}`);
      }
    });
  });
}
