import assert from "node:assert/strict";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import type { Figure } from "../../../apps/tenant-usage/figure";
import { figureTable } from "../../../apps/tenant-usage/figure-table";

const figure: Figure = { rate: 2, burst: 4, quota: { requests: 10, per: "DAY" }, used: 3, asOf: 1_764_345_600_000 };

describe("the table of what tenants have used", () => {
  function table(answer: () => object) {
    const inputs: any[] = [];
    const client = {
      send: async ({ input }: { readonly input: object }) => {
        inputs.push(input);
        return answer();
      },
    };
    return { figures: figureTable("usage", client as never), inputs };
  }

  it("gives the right to ask to the first in a minute, by a condition of the write", async () => {
    const { figures, inputs } = table(() => ({}));
    assert.equal(await figures.claim("acme#free", 1_764_345_600_000), true);
    const [{ ConditionExpression: condition, ExpressionAttributeValues: values, Key }] = inputs;
    assert.deepEqual(Key, { id: "acme#free" });
    assert.equal(condition, "attribute_not_exists(claimedAt) OR claimedAt <= :before");
    assert.deepEqual(values, {
      ":now": 1_764_345_600_000,
      ":before": 1_764_345_540_000,
      ":removeAt": 1_764_345_600 + 86_400,
    });
  });

  it("gives it to no other one, and hides no other failure", async () => {
    const refused = table(() => {
      throw new ConditionalCheckFailedException({ message: "The conditional request failed", $metadata: {} });
    });
    assert.equal(await refused.figures.claim("acme#free", 1), false);
    const failing = table(() => {
      throw new Error("no answer");
    });
    await assert.rejects(failing.figures.claim("acme#free", 1), /no answer/);
  });

  it("returns what was stored, and reads what another one has stored just before", async () => {
    const { figures, inputs } = table(() => ({ Item: { id: "acme#free", figure } }));
    await figures.put("acme#free", figure);
    assert.deepEqual(await figures.get("acme#free"), figure);
    assert.deepEqual([inputs[0].ExpressionAttributeValues[":figure"], inputs[1].ConsistentRead], [figure, true]);
    assert.equal(await table(() => ({})).figures.get("none"), undefined);
  });
});
