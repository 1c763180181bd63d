import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { DeleteTableCommand, DescribeTimeToLiveCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetCommand, QueryCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { type Emulator, startEmulator } from "../../provider/emulator/moto";
import { credentials, RunningStore, regions } from "./helpers/running-store";

const [central, west] = regions;
const ttl = { attributeName: "until", enabled: true };

describe("a store that is not of the platform: moto", function () {
  // moto is installed first, where no other test has done it.
  this.timeout(300_000);
  let moto: Emulator;

  before(async () => {
    moto = await startEmulator(() => {});
  });
  after(() => moto.stop());

  async function during(work: (running: RunningStore) => Promise<void>, table: object = { ttl }): Promise<void> {
    const running = new RunningStore({ remote: moto.url });
    try {
      await running.start(table);
      await work(running);
    } finally {
      await running.stop();
    }
  }

  it("gets the planned tables once, and has the items when the platform starts again", async () => {
    await during(async (running) => {
      await running.put(central, { id: "kept", kind: "tea" });
      await running
        .in(west)
        .send(new TransactWriteCommand({ TransactItems: [{ Put: { TableName: "things", Item: { id: "of west" } } }] }));
      const command = new DescribeTimeToLiveCommand({ TableName: "things" });
      const { TimeToLiveDescription } = await running.in(central).send(command);
      assert.deepEqual(TimeToLiveDescription, { AttributeName: "until", TimeToLiveStatus: "ENABLED" });
    });
    await during(async (running) => {
      for (const region of regions) {
        assert.deepEqual(await running.get(region, "kept"), { id: "kept", kind: "tea" });
        assert.deepEqual(await running.get(region, "of west"), { id: "of west" });
        const query = { TableName: "things", IndexName: "by-kind", KeyConditionExpression: "kind = :kind" };
        const command = new QueryCommand({ ...query, ExpressionAttributeValues: { ":kind": "tea" } });
        assert.equal((await running.in(region).send(command)).Items!.length, 1);
      }
    });
  });

  it("is asked only what the platform allows, and answers with its own errors", async () => {
    await during(async (running) => {
      const stranger = { accessKeyId: "other", secretAccessKey: "other" };
      const endpoint = running.store.regions.get(central)!;
      const client = new DynamoDBClient({ endpoint, region: central, credentials: stranger, maxAttempts: 1 });
      const describe = new DescribeTimeToLiveCommand({ TableName: "things" });
      await assert.rejects(client.send(describe), { name: "UnrecognizedClientException" });
      const unknown = new GetCommand({ TableName: "unknown", Key: { id: "1" } });
      await assert.rejects(running.in(central).send(unknown), { name: "ResourceNotFoundException" });
    });
  });

  it("is refused when it has a table of that name with other keys", async () => {
    await assert.rejects(
      during(async () => {}, { hashKey: "kind", globalSecondaryIndexes: [] }),
      {
        name: "UserError",
        message: `table "things" in the store at ${moto.url} must have the planned keys kind HASH, got id HASH; by-kind: kind HASH; delete it there, or name another store with --dynamodb`,
      },
    );
    const client = new DynamoDBClient({ endpoint: moto.url, region: central, credentials });
    await client.send(new DeleteTableCommand({ TableName: "things" }));
  });
});

describe("a store that is not of the platform", () => {
  const start = async (url: string) => {
    const running = new RunningStore({ remote: url });
    await running.start().finally(() => running.stop());
  };

  it("must be there when the platform starts", async () => {
    await assert.rejects(start("http://127.0.0.1:1"), {
      name: "UserError",
      message:
        /^the store at http:\/\/127\.0\.0\.1:1 must answer as DynamoDB does, got: .*ECONNREFUSED.*; start it, or leave --dynamodb out$/,
    });
  });

  it("must speak DynamoDB's protocol", async () => {
    const server: Server = createServer((_, response) => response.end("<html>"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      await assert.rejects(
        start(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
        /answered 200 and no JSON/,
      );
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
