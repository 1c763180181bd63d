import assert from "node:assert/strict";
import { capture } from "../../../graph/capture/capture";
import { GraphIndex } from "../../../graph/model";
import { Data, type DataArgs } from "../../../infra/data/data";

const region = "eu-west-1";
const none = { variables: {}, secrets: [], egress: [], schedules: [] };
const baskets = { hashKey: "session", expires: true } as const;
const args: DataArgs = {
  region,
  replicaRegions: ["eu-central-1"],
  services: [
    {
      name: "shop",
      table: { hashKey: "id", indexes: [] },
      publishes: false,
      needs: { ...none, tables: { baskets, "kept-prices": { hashKey: "id" } } },
    },
  ],
  protection: true,
};

async function tablesOf(over: Partial<DataArgs> = {}): Promise<{ index: GraphIndex; outputs: any }> {
  const graph = await capture(() => {
    const data = new Data("data", { ...args, ...over });
    return { here: data.tablesIn(region), there: data.tablesIn("eu-central-1") };
  });
  return { index: new GraphIndex(graph), outputs: graph.outputs };
}

describe("tables that a service needs in addition to its own", () => {
  it("differ from it in their key and expiry alone", async () => {
    const { index } = await tablesOf();
    const table = (name: string) => index.ofType("aws:dynamodb/table:Table").find((each) => each.name === name)!;
    const own = table("data-shop");
    assert.equal(own.inputs["ttl"], undefined);
    const { ttl, ...expiring } = table("data-shop-baskets").inputs;
    assert.deepEqual(ttl, { attributeName: "expiresAt", enabled: true });
    const keyed = { hashKey: "session", attributes: [{ name: "session", type: "S" }] };
    assert.deepEqual(expiring, { ...own.inputs, ...keyed });
    assert.deepEqual(table("data-shop-kept-prices").inputs, own.inputs);
    assert.equal(index.ofType("aws:dynamodb/table:Table").length, 3);
    for (const { name, protect, inputs } of index.ofType("aws:dynamodb/table:Table")) {
      assert.equal(protect, true, name);
      assert.deepEqual(inputs["pointInTimeRecovery"], { enabled: true }, name);
      assert.deepEqual(
        inputs["replicas"].map((each: any) => [each.regionName, each.pointInTimeRecovery]),
        [["eu-central-1", true]],
        name,
      );
    }
  });

  it("are known to each region by the ARN of its own replica", async () => {
    const { index, outputs } = await tablesOf();
    const { name, arn } = index.ofType("aws:dynamodb/table:Table").find((each) => each.name === "data-shop-baskets")!
      .outputs as { name: string; arn: string };
    assert.deepEqual(outputs.here.shop.more.baskets, { name, arn });
    assert.deepEqual(outputs.there.shop.more.baskets, { name, arn: arn.replace(region, "eu-central-1") });
    assert.deepEqual(Object.keys(outputs.here.shop.more), ["baskets", "kept-prices"]);
  });

  it("are none for a service that needs none", async () => {
    const services = [{ ...args.services[0]!, needs: none }];
    const { index, outputs } = await tablesOf({ services });
    assert.equal(index.ofType("aws:dynamodb/table:Table").length, 1);
    assert.equal("more" in outputs.here.shop, false);
  });
});
