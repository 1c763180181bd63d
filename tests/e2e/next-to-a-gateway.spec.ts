import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { sideOf } from "../../apps/kit/legacy-share";
import type { Report } from "../../verify/report";
import { copyCheckout } from "../helpers/checkout";
import { Command, Folder } from "../helpers/command";
import { unmet } from "../verify/helpers/environment";
import { ExistingGateway, existingIssuer } from "./helpers/existing-gateway";

const names = ["food-store", "pet-store", "shipping", "reviews"];
const all = { "orders.write": names.map((name) => `${name}/write`) };

/** What an existing gateway and its clients add to dev, with get-rates answered by a side, and the Python service as it runs. */
function change(config: Record<string, any>, to: unknown, python: string): void {
  config["platform:gateways"] = { rest: {} };
  config["platform:issuers"] = { corporate: { ...existingIssuer, scopes: all } };
  config["platform:outside"]["login.example.com"] = "The existing gateway's keys, kept while they cannot be fetched.";
  config["platform:formerHeaders"] = { authorization: "x-auth-token" };
  const { shipping, reviews } = config["platform:services"];
  shipping.routes = { "put-shipment": { formerPath: "/logistics/v1/shipments/{id}" }, "get-rates": { to } };
  reviews.pattern = python;
  reviews.routes = { "put-review": { formerPath: "/opinions/{id}" } };
}

describe("a gateway next to an existing one, by the commands of the README", function () {
  this.timeout(300_000);
  const folder = new Folder();
  const root = join(folder.path, "checkout");
  const existing = new ExistingGateway();
  let origin: string;
  before(async () => {
    origin = await existing.start();
    copyCheckout(root, ["account"]);
  });
  after(async () => {
    await existing.stop();
    folder.remove();
  });

  /** Runs `npm start` and `npm run verify` of the copy. @returns what was verified, and what the platform has printed */
  async function verified(to: unknown, python: string): Promise<Report> {
    const file = join(root, "Pulumi.dev.yaml");
    const written = readFileSync(file, "utf8");
    const whole = parse(written);
    change(whole.config, to, python);
    writeFileSync(file, stringify(whole));
    const state = join(root, `.local-${python}`);
    const stands = ["login", "legacy"].flatMap((name) => ["--legacy", `https://${name}.example.com=${origin}`]);
    const platform = new Command(folder, ["start", "--port", "0", "--state", state, ...stands], { root });
    try {
      await platform.says(/^ready /m, 120_000);
      const env = { ...process.env, PLATFORM_ISSUER_TOKEN_CORPORATE: existing.token() };
      const out = await new Promise<string>((resolve) => {
        const args = [join(root, "cli/platform.cjs"), "verify", "--state", state, "--json", "--without-throttles"];
        execFile(process.execPath, args, { cwd: root, env, maxBuffer: 16 * 1_024 * 1_024 }, (_, text) => resolve(text));
      });
      return JSON.parse(out);
    } finally {
      writeFileSync(file, written);
      await platform.interrupt();
    }
  }

  // Every request comes from this machine, whose side by weight is known.
  const percents = Array.from({ length: 99 }, (_, i) => i + 1);
  const first = percents.find((percent) => sideOf("get-rates", "127.0.0.1", percent) === "service")!;

  for (const [title, to, python] of [
    ["a legacy route, and a service in Python as a function", "legacy", "lambda"],
    ["the route shared by weight, and Python in containers", { service: first - 1 }, "ecs"],
    ["the route moved by one word, and Python on servers", "service", "ec2"],
  ] as const) {
    it(`verifies the tokens of both, their paths, ${title}`, async () => {
      const report = await verified(to, python);
      assert.deepEqual(
        unmet(report).map(({ id, got, reason }: any) => `${id}: ${got ?? reason}`),
        [],
      );
      const ok = report.results.filter(({ status }) => status === "ok").map(({ id }) => id);
      for (const door of ["global", "rest"]) {
        for (const id of [
          `issuer/corporate/${door}/shipping/put-shipment`,
          `issuer/corporate/${door}/shipping/put-shipment-former`,
          `issuer/corporate/${door}/reviews/put-review-former`,
          `write/${door}/reviews/put-review`,
          `no-token/${door}/shipping/post-pickup`,
          `work/${door}/shipping/post-pickup`,
          `${to === "legacy" && door === "global" ? "legacy" : "open"}/${door}/shipping/get-rates`,
          ...(door === "rest" ? ["model/rest/shipping/put-shipment"] : []),
        ]) {
          if (to === "legacy" && door === "rest" && id.endsWith("get-rates")) continue;
          assert.ok(ok.includes(id), `${id} is not among ${ok.filter((each) => each.includes("shipping")).join(", ")}`);
        }
      }
    });
  }
});
