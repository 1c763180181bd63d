import assert from "node:assert/strict";
import { planStack } from "../../graph/plan";
import type { Plugin } from "./client/plugin";
import { startProvider } from "./helpers";
import { describeFindings, Judge } from "./judge";
import { type Planted, planted, unseen } from "./planted";
import { type Resource, resourcesOf } from "./terraform/resource";

describe("the real provider, given a value that AWS would refuse in prod,", () => {
  let plugin: Plugin;
  let judge: Judge;
  let resources: readonly Resource[];
  before(async () => {
    plugin = await startProvider();
    judge = new Judge(plugin);
    resources = await resourcesOf(await planStack("prod"));
  });
  after(() => plugin?.stop());

  const errorsOf = async (resource: Resource) => (await judge.judge(resource)).filter(({ kind }) => kind === "error");

  /** The resource as prod has it, which is accepted, with the value planted. */
  async function withPlanted({ token, plant }: Omit<Planted, "argument">): Promise<Resource> {
    const resource = resources.find((each) => each.token === token);
    assert.ok(resource, `prod has no ${token}; plant the value in another type`);
    assert.deepEqual(describeFindings(await errorsOf(resource)), []);
    const inputs = structuredClone(resource.inputs);
    plant(inputs);
    return { ...resource, inputs };
  }

  for (const value of planted) {
    it(`refuses ${value.token} with ${value.fault}`, async () => {
      const errors = await errorsOf(await withPlanted(value));
      assert.deepEqual(new Set(errors.map(({ argument }) => argument)), new Set([value.argument]));
    });
  }

  for (const value of unseen) {
    it(`accepts ${value.token} with ${value.fault}, which only AWS refuses`, async () => {
      assert.deepEqual(describeFindings(await errorsOf(await withPlanted(value))), []);
    });
  }

  it("tells a deprecated argument, and one that it does not have", async () => {
    const token = "aws:servicediscovery/service:Service";
    const plant = (inputs: any) =>
      Object.assign(inputs, { healthCheckCustomConfig: { failureThreshold: 1 }, colour: "red" });
    const findings = await judge.judge(await withPlanted({ token, fault: "", plant }));
    assert.deepEqual(
      findings.map(({ kind, argument }) => `${kind} ${argument}`),
      [
        "unmapped colour",
        "warning health_check_custom_config.failure_threshold",
        "deprecated health_check_custom_config.failure_threshold",
      ],
    );
  });
});
