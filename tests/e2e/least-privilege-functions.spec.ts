import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { request } from "undici";
import type { Graph } from "../../graph/model";
import { signIn } from "../../local/cognito/sign-in";
import { newSigningKeys, type SigningKeys } from "../../local/cognito/tokens";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import { replanned, withTenants } from "../conformance/plans";
import { type FunctionRemoval, functionRemovals } from "../helpers/removals";
import { withoutAction } from "../helpers/role-actions";
import { until } from "../local/helpers/wait";
import { Credentials } from "./helpers/credentials";

const root = join(__dirname, "../..");
const { forwarder, stream, schedules, trigger, reader, authorizer, figure, claim, usage } = functionRemovals;

/** dev with tenants, servers in Cloud Map, and a function that calls one of them every minute. */
async function planWithFunctions(): Promise<Graph> {
  const { graph } = await replanned("dev", (config) => {
    withTenants(config);
    config.tenants.tiers.premium.quota = { requests: 1_000_000, per: "MONTH" };
    config.services["pet-store"].pattern = "ecs";
  });
  const resources = graph.resources.map((each) =>
    each.type === "aws:scheduler/schedule:Schedule"
      ? { ...each, outputs: { ...each.outputs, scheduleExpression: "rate(1 minute)" } }
      : each,
  );
  return { ...graph, resources };
}

/** A platform whose roles lack actions, with what it logs. */
class Lacking {
  readonly log: string[] = [];
  platform!: RunningPlatform;
  credentials!: Credentials;
  private readonly state = mkdtempSync(join(tmpdir(), "platform-"));

  constructor(private readonly removals: readonly FunctionRemoval[]) {}

  /** @param keys  sign the tokens of this platform */
  async start(keys: SigningKeys): Promise<void> {
    let graph = await planWithFunctions();
    for (const { role, action } of this.removals) graph = withoutAction(graph, role, action);
    const log = (source: string, line: string) => this.log.push(`${source}: ${line}`);
    this.platform = await startPlatform({ graph, stateDir: this.state, signingKeys: keys, timeScale: 15, log });
    await this.command("tenant", "add", "active", "--tier", "premium");
  }

  async stop(): Promise<void> {
    await this.platform?.stop();
    rmSync(this.state, { recursive: true, force: true });
  }

  async command(...args: string[]): Promise<string> {
    const path = join(root, "cli/platform.cjs");
    return (await promisify(execFile)(process.execPath, [path, ...args, "--state", this.state])).stdout.trim();
  }

  /** Asks the REST API as a tenant. */
  async ask(path: string): Promise<number> {
    const origin = this.platform.endpoints.regions["eu-west-1"]!.rest!;
    const subject = { kind: "token", use: "access", scopes: [], tenant: "active", state: "valid" } as const;
    const headers = await this.credentials.headers(subject, { origin, method: "GET", path, body: undefined });
    const answer = await request(`${origin}${path}`, { headers });
    await answer.body.dump();
    return answer.statusCode;
  }

  /** Fails unless something has logged that AWS refused an action, since a line. */
  assertDenied(action: string, from = 0): void {
    const message = `is not authorized to perform: ${action}`;
    const lines = this.log.slice(from);
    assert.ok(
      lines.some((line) => line.includes(message)),
      `no line says "${message}":\n${lines.join("\n")}`,
    );
  }
}

describe("roles of the platform's own functions", function () {
  this.timeout(180_000);
  const whole = new Lacking([]);
  const lacking = new Lacking([forwarder, stream, schedules, trigger, reader, figure]);
  before(async () => {
    const keys = await newSigningKeys();
    await Promise.all([whole.start(keys), lacking.start(keys)]);
    // Without the trigger no token is issued, so those of the other platform are used, which has the same keys.
    whole.credentials = await Credentials.of(whole.platform, keys);
    lacking.credentials = whole.credentials;
  });
  after(async () => {
    await Promise.all([whole.stop(), lacking.stop()]);
  });

  it(forwarder.title, async () => {
    const from = lacking.log.length;
    assert.equal(await whole.ask("/food-store/healthz"), 200);
    assert.equal(await lacking.ask("/food-store/healthz"), 503);
    lacking.assertDenied(forwarder.action, from);
  });

  it(stream.title, async () => {
    const from = lacking.log.length;
    const path = "/food-store/export?category=fruit";
    assert.equal(await whole.ask(path), 200);
    assert.equal(await lacking.ask(path), 503);
    lacking.assertDenied(stream.action, from);
  });

  it(schedules.title, async () => {
    const ran = (of: Lacking) => of.log.some((line) => /^scheduler: eu-west-1-pet-store-schedules-\S+ ran$/.test(line));
    await until("the caller has called", () => ran(whole), 20_000);
    const failed = () => lacking.log.some((line) => /^scheduler: .*pet-store.* failed/.test(line));
    await until("the caller has failed", failed, 20_000);
    assert.equal(ran(lacking), false);
    lacking.assertDenied(schedules.action);
  });

  it(trigger.title, async () => {
    const ask = ({ platform }: Lacking) => signIn({ issuerUrl: platform.endpoints.issuer, user: "bob", groups: "all" });
    await ask(whole);
    const from = lacking.log.length;
    await assert.rejects(ask(lacking));
    lacking.assertDenied(trigger.action, from);
  });

  it(reader.title, async () => {
    assert.equal(await whole.ask("/food-store/prices/none"), 404);
    assert.equal(await lacking.ask("/food-store/prices/none"), 503);
  });

  it(figure.title, async () => {
    assert.equal(await whole.ask("/usage"), 200);
    assert.equal(await lacking.ask("/usage"), 502);
    lacking.assertDenied(figure.action);
  });
});

describe("the role of what tells tenants how much they have used", function () {
  this.timeout(120_000);
  const withoutClaim = new Lacking([claim]);
  const withoutPlans = new Lacking([usage]);
  before(async () => {
    const keys = await newSigningKeys();
    await Promise.all([withoutClaim.start(keys), withoutPlans.start(keys)]);
    for (const each of [withoutClaim, withoutPlans]) each.credentials = await Credentials.of(each.platform, keys);
  });
  after(async () => {
    await Promise.all([withoutClaim.stop(), withoutPlans.stop()]);
  });

  it(claim.title, async () => {
    assert.equal(await withoutClaim.ask("/usage"), 502);
    withoutClaim.assertDenied(claim.action);
  });

  it(usage.title, async () => {
    assert.equal(await withoutPlans.ask("/usage"), 503);
    withoutPlans.assertDenied(usage.action);
  });
});

describe("the role of the authorizer", function () {
  this.timeout(60_000);
  const lacking = new Lacking([authorizer]);
  before(async () => {
    const keys = await newSigningKeys();
    await lacking.start(keys);
    lacking.credentials = await Credentials.of(lacking.platform, keys);
  });
  after(() => lacking.stop());

  it(authorizer.title, async () => {
    assert.equal(await lacking.ask("/food-store/foods/none"), 401);
    lacking.assertDenied(authorizer.action);
  });
});
