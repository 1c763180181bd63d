import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Agent, request } from "undici";
import { AccessMatrix } from "../../graph/access/matrix";
import type { GatewayRoute } from "../../graph/access/routes";
import type { Subject } from "../../graph/access/subjects";
import { newSigningKeys } from "../../local/cognito/tokens";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import { replanned, withTenants } from "../conformance/plans";
import { Credentials } from "./helpers/credentials";

const root = join(__dirname, "../..");
const wide = { rate: 10_000, burst: 5_000 };

/** Limits that no request of these tests meets, so that each answer is about access. */
function withoutLimits(config: any): void {
  for (const service of Object.values<any>(config.services)) service.routes = {};
  const limited = { "food-store": ["put-food", "get-food", "list-foods", "export-foods"], "pet-store": ["get-pet"] };
  for (const [service, ids] of Object.entries(limited)) {
    config.services[service].routes = Object.fromEntries(ids.map((id) => [id, { throttle: wide }]));
  }
  if (config.formerHeaders) config.services["food-store"].routes["put-food"].formerPath = "/catalogue/foods/{id}";
}

const plans: Readonly<Record<string, { requests: number; change: (config: any) => void }>> = {
  "with tenants": {
    requests: 7_000,
    change: (config) => {
      withTenants(config);
      config.tenants.tiers.premium = wide;
    },
  },
  "with the tokens of a user pool": {
    requests: 3_000,
    change: (config) => {
      config.gateways.rest = { services: Object.keys(config.services), domain: `rest.${config.domain.api}` };
      config.formerHeaders = { authorization: "x-auth-token" };
    },
  },
};

/** Numbers from 0 to 1 that are the same in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

for (const [title, { requests, change }] of Object.entries(plans)) {
  describe(`the table of who may call what, of an environment ${title}`, function () {
    this.timeout(240_000);
    const state = mkdtempSync(join(tmpdir(), "platform-access-"));
    const agent = new Agent({ connections: 16 });
    let matrix: AccessMatrix;
    let platform: RunningPlatform;
    let credentials: Credentials;

    before(async () => {
      const { graph } = await replanned("dev", (config) => {
        change(config);
        withoutLimits(config);
      });
      matrix = new AccessMatrix(graph);
      const signingKeys = await newSigningKeys();
      platform = await startPlatform({ graph, stateDir: state, signingKeys, log: () => {} });
      if (matrix.subjects.some((each) => each.kind === "token" && each.tenant === "suspended")) {
        for (const name of ["active", "suspended"]) await cli("tenant", "add", name, "--tier", "premium");
        await cli("tenant", "suspend", "suspended");
      }
      credentials = await Credentials.of(platform, signingKeys);
    });
    after(async () => {
      await platform?.stop();
      await agent.close();
      rmSync(state, { recursive: true, force: true });
    });

    async function cli(...args: string[]): Promise<void> {
      await promisify(execFile)(process.execPath, [join(root, "cli/platform.cjs"), ...args, "--state", state]);
    }

    /** Asks a gateway as a subject. @returns what the gateway did, in the words of the table */
    async function ask(route: GatewayRoute, subject: Subject): Promise<"admitted" | 401 | 403> {
      const origin = platform.endpoints.regions[route.region]![route.gateway]!;
      const path = route.path.replaceAll(/\{[^}]*\}/g, "x");
      const method = route.method;
      const body = method === "PUT" || method === "POST" ? "{}" : undefined;
      const { authorization, ...others } = await credentials.headers(subject, { origin, method, path, body });
      // A signature is in Authorization always.
      const header = subject.kind === "token" ? (route.tokenHeader ?? "authorization") : "authorization";
      const headers = { ...others, ...(authorization && { [header]: authorization }) };
      const type = body === undefined ? {} : { "content-type": "application/json" };
      const answer = await request(`${origin}${path}`, {
        ...{ method: method as "GET", headers: { ...headers, ...type }, dispatcher: agent },
        ...(body !== undefined && { body }),
      });
      await answer.body.dump();
      const { statusCode: status } = answer;
      if (status === 401 || status === 403) return status;
      // Health checks have limits that cannot be configured; a limit is met by requests that are admitted.
      assert.ok(status !== 429 || route.demand.kind === "nothing", `${method} ${path} of ${route.gateway}: 429`);
      return "admitted";
    }

    it(`agrees with ${requests} requests to the local platform, without exception`, async () => {
      const random = randomNumbers(21);
      const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
      const groups = <T>(list: readonly T[], key: (each: T) => string) =>
        [...new Set(list.map(key))].map((name) => list.filter((each) => key(each) === name));
      // Gateways and kinds of subjects are equally frequent, however many routes and states they have.
      const routes = groups(matrix.routes, ({ gateway }) => gateway);
      const subjects = groups(matrix.subjects, ({ kind }) => kind);
      const queue = Array.from(
        { length: requests },
        () => [pick(pick(routes)), pick(pick(subjects))] as const,
      ).values();
      const different: string[] = [];
      const seen = new Set<unknown>();
      const work = async () => {
        for (const [route, subject] of queue) {
          const { result, why } = matrix.decide(route, subject);
          const done = await ask(route, subject);
          seen.add(`${route.gateway} ${result}`);
          if (done === result) continue;
          different.push(
            `${route.gateway} ${route.method} ${route.path}, ${JSON.stringify(subject)}: ${done}, not ${result} (${why})`,
          );
        }
      };
      await Promise.all(Array.from({ length: 16 }, work));
      assert.deepEqual(different.slice(0, 10), []);
      const kinds = ["http 401", "http 403", "http admitted", "private 403", "private admitted", "rest 401"];
      for (const kind of [...kinds, "rest admitted"]) assert.ok(seen.has(kind), `no request was ${kind}`);
    });
  });
}
