import assert from "node:assert/strict";
import { isInAws, layerOf } from "../../graph/layers";
import type { Graph } from "../../graph/model";
import { planStack } from "../../graph/plan";
import { readProject } from "../../graph/project";
import { projectRoot } from "../../graph/project-root";
import { layerNames } from "../../stacks/stack-name";
import { withoutCalls } from "../conformance/plans";

const regions = ["eu-west-1", "eu-central-1"];

/** Plans each stack once, siblings included. */
const plans = new Map<string, Promise<Graph>>();
function plan(stack: string): Promise<Graph> {
  const graph = plans.get(stack) ?? planStack(stack, { siblings: async (sibling) => (await plan(sibling)).outputs });
  plans.set(stack, graph);
  return graph;
}

/** Everything AWS would hold: type, name, inputs, region, protection and place below the stack. */
function registered(graphs: readonly Graph[]): Record<string, unknown> {
  const all = graphs.flatMap(({ stack, resources }) =>
    resources
      .filter((resource) => (resource.custom || resource.remote) && /^awsx?:/.test(resource.type))
      .map(({ urn, inputs, region, protect, ignoreChanges }) => {
        const place = urn.replace(`urn:pulumi:${stack}::platform::`, "");
        return [place, { inputs, region, protect, ignoreChanges }] as const;
      }),
  );
  assert.equal(new Set(all.map(([place]) => place)).size, all.length, "a resource is owned by two stacks");
  return Object.fromEntries(all);
}

describe("prod as one stack", () => {
  const ways: Record<string, string[]> = {
    "a stack per layer": layerNames.map((layer) => `prod-${layer}`),
    "a stack per region": regions.map((region) => `prod.${region}`),
    "a stack per layer and region": layerNames.flatMap((layer) => regions.map((region) => `prod-${layer}.${region}`)),
  };
  for (const [way, stacks] of Object.entries(ways)) {
    it(`registers the same resources and inputs as ${way}`, async () => {
      const whole = registered([await plan("prod")]);
      const parts: Graph[] = [];
      for (const stack of stacks) parts.push(await plan(stack));
      assert.ok(Object.keys(whole).length > 300);
      assert.deepEqual(registered(parts), whole);
    });
  }
});

describe("the layer that a plan counts a resource in", () => {
  it("is that of the stack that owns it, where each layer has its stack", async () => {
    for (const layer of layerNames) {
      const { resources } = await plan(`prod-${layer}`);
      const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
      const elsewhere = resources.filter((each) => isInAws(each) && layerOf(each, byUrn) !== layer);
      assert.deepEqual(
        elsewhere.map(({ name }) => name),
        [],
        layer,
      );
    }
  });
});

describe("a stack whose sibling is not as it should be", () => {
  const sibling = (outputs: Record<string, unknown>) => planStack("prod-edge", { siblings: async () => outputs });

  it("names the stack to deploy first when there is none", async () => {
    await assert.rejects(
      sibling({}),
      /stack "prod-network" has not been deployed; run `pulumi up` for "prod-network" first/,
    );
  });

  it("refuses outputs of another version", async () => {
    await assert.rejects(
      sibling({ version: 0, network: {} }),
      /stack "prod-network" exports version 0 of its outputs, this program reads version 3; run `pulumi up` for "prod-network" first/,
    );
  });

  it("refuses a service that still runs under another pattern", async () => {
    const compute = (await plan("prod-compute")).outputs;
    const stale = structuredClone(compute) as any;
    stale.compute["eu-west-1"]["food-store"] = { kind: "function" };
    const others = async (stack: string) => (stack.endsWith("prod-compute") ? stale : (await plan(stack)).outputs);
    await assert.rejects(
      planStack("prod-edge", { siblings: others }),
      /service "food-store" is configured as "ecs" \(discovery\), but stack "prod-compute" exports function; run `pulumi up` for "prod-compute" first/,
    );
  });

  it("refuses tables that have no customer key yet, when configuration asks for one", async () => {
    await assert.rejects(
      planStack("prod-compute", {
        config: { ...readProject(projectRoot, "prod").config, "platform:tableKey": "customer" },
        siblings: async (stack) => (await plan(stack)).outputs,
      }),
      /platform:tableKey is customer, but stack "prod-data" exports no key of its tables; run `pulumi up` for "prod-data" first/,
    );
  });

  it("names the stack to deploy first when it does not know a service yet", async () => {
    const stale = structuredClone((await plan("prod-data")).outputs) as any;
    for (const tables of Object.values<any>(stale.data))
      for (const each of Object.values<any>(tables)) delete each["pet-store"];
    await assert.rejects(
      planStack("prod-compute", {
        siblings: async (stack) => (stack === "prod-data" ? stale : (await plan(stack)).outputs),
      }),
      /service "pet-store" is configured, but stack "prod-data" exports no table of it; run `pulumi up` for "prod-data" first/,
    );
  });

  it("refuses outputs of a deployment before its pattern named the host of its rules", async () => {
    const stale = structuredClone((await plan("prod-compute")).outputs) as any;
    delete stale.compute["eu-west-1"]["price-calculator"].host;
    const others = async (stack: string) => (stack.endsWith("prod-compute") ? stale : (await plan(stack)).outputs);
    await assert.rejects(
      planStack("prod-edge", { siblings: others }),
      /service "price-calculator" is configured as "beanstalk" \(listener\), but stack "prod-compute" exports no host of it; run `pulumi up` for "prod-compute" first/,
    );
  });

  it("refuses a network, and then servers, of a deployment before services called each other", async () => {
    const earlier = (stack: string) => withoutCalls(async () => (await planStack(stack)).outputs);
    const [network, compute] = [await earlier("prod-network"), await earlier("prod-compute")];
    const siblings = (others: Readonly<Record<string, Graph["outputs"]>>) => async (stack: string) =>
      others[stack] ?? (await plan(stack)).outputs;
    await assert.rejects(
      planStack("prod-edge", { siblings: siblings({ "prod-network": network }) }),
      /services call each other, but stack "prod-network" exports no endpoint of the private API; run `pulumi up` for "prod-network" first/,
    );
    await assert.rejects(
      planStack("prod-edge", { siblings: siblings({ "prod-compute": compute }) }),
      /service "price-calculator" is configured as "beanstalk" \(listener\), but stack "prod-compute" exports no role of it; run `pulumi up` for "prod-compute" first/,
    );
  });
});
