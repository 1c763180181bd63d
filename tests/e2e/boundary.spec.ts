import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";
import { catalog } from "../../apps/catalog";
import { withAccountPolicies } from "../../graph/account-policies";
import type { Graph } from "../../graph/model";
import { signIn } from "../../local/cognito/sign-in";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import { replanned } from "../conformance/plans";

const permissionsBoundary = "arn:aws:iam::123456789012:policy/platform-boundary";

/** dev with the account's boundary. @param without  an action that the boundary does not allow */
async function bounded(without?: string): Promise<Graph> {
  const { graph } = await replanned("dev", (config) => {
    config.roles = { permissionsBoundary };
  });
  const whole = await withAccountPolicies(graph);
  const resources = whole.resources.map((each) => {
    if (each.outputs["arn"] !== permissionsBoundary) return each;
    const policy = JSON.parse(each.outputs["policy"]);
    for (const statement of policy.Statement) {
      statement.Action = [statement.Action].flat().filter((action: string) => action !== without);
    }
    policy.Statement = policy.Statement.filter(({ Action }: any) => Action.length > 0);
    return { ...each, outputs: { ...each.outputs, policy: JSON.stringify(policy) } };
  });
  return { ...whole, resources };
}

/** Runs a plan, stores a food, prices a quote with it, and returns the statuses of both. */
async function storeAndPrice(graph: Graph): Promise<[number, number]> {
  const stateDir = mkdtempSync(join(tmpdir(), "boundary-"));
  let platform: RunningPlatform | undefined;
  try {
    platform = await startPlatform({ graph, stateDir, log: () => {} });
    const { global, issuer } = platform.endpoints;
    const { accessToken } = await signIn({ issuerUrl: issuer, user: "ada", groups: "all" });
    const put = async (path: string, body: object) => {
      const headers = { authorization: `Bearer ${accessToken}`, "content-type": "application/json" };
      const answer = await request(`${global}${path}`, { method: "PUT", headers, body: JSON.stringify(body) });
      await answer.body.dump();
      return answer.statusCode;
    };
    const { sample } = catalog["food-store"].definitions["put-food"];
    const quote = { taxPercent: 10, lines: [{ kind: "food", id: "a", quantity: 1 }] };
    return [await put("/food-store/foods/a", sample!), await put("/price-calculator/quotes/a", quote)];
  } finally {
    await platform?.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

describe("the permissions boundary on this machine", function () {
  this.timeout(60_000);

  it("lets the services do what they do, and call each other", async () => {
    assert.deepEqual(await storeAndPrice(await bounded()), [200, 200]);
  });

  it("refuses calls through the private API where it does not allow them", async () => {
    assert.deepEqual(await storeAndPrice(await bounded("execute-api:Invoke")), [200, 502]);
  });

  it("refuses calls of AWS where it does not allow them", async () => {
    assert.deepEqual((await storeAndPrice(await bounded("dynamodb:*")))[0], 503);
  });
});
