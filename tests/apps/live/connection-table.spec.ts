import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { connectionTable } from "../../../apps/live/connection-table";

const connection = { id: "L0SM9cOFvHcCIhw=", services: ["food-store"], storedAt: 1_000, expiresAt: 1_900 };

describe("the table of live connections", () => {
  const asked: { action: string; input: any }[] = [];
  const store = createServer(async (request, response) => {
    const action = String(request.headers["x-amz-target"]).split(".")[1]!;
    asked.push({ action, input: JSON.parse(await text(request)) });
    const put = asked.find((each) => each.action === "PutItem")?.input.Item;
    response.end(JSON.stringify(action === "Scan" ? { Items: put ? [put] : [] } : {}));
  });
  const variables = ["AWS_ENDPOINT_URL_DYNAMODB", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] as const;
  const before = variables.map((name) => process.env[name]);

  beforeEach(async () => {
    asked.splice(0);
    await new Promise<void>((listening) => store.listen(0, "127.0.0.1", listening));
    const values = [`http://127.0.0.1:${(store.address() as AddressInfo).port}`, "eu-west-1", "key", "secret"];
    for (const [i, name] of variables.entries()) process.env[name] = values[i];
  });
  afterEach(async () => {
    for (const [i, name] of variables.entries()) {
      if (before[i] === undefined) delete process.env[name];
      else process.env[name] = before[i];
    }
    store.closeAllConnections();
    await new Promise((closed) => store.close(closed));
  });

  it("returns what was stored, by a read that sees each row that was stored before", async () => {
    const table = connectionTable("connections");
    await table.put(connection);
    assert.deepEqual(await table.all(), [connection]);
    await table.remove(connection.id);
    assert.deepEqual(
      asked.map(({ action }) => action),
      ["PutItem", "Scan", "DeleteItem"],
    );
    // A row is kept for two hours after the end of its token.
    assert.deepEqual(asked[0]!.input.Item.removeAt, { N: "9100" });
    assert.equal(asked[1]!.input.ConsistentRead, true);
    assert.deepEqual(asked[2]!.input.Key, { id: { S: connection.id } });
  });
});
