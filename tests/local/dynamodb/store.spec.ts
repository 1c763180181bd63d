import assert from "node:assert/strict";
import { connect } from "node:net";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { DynamoDbStore } from "../../../local/dynamodb/store";
import { Reaper } from "../../../local/processes/reaper";
import { addTable, plan } from "../helpers/program";
import { until } from "../helpers/wait";

describe("store", () => {
  let store: DynamoDbStore;
  let reaper: Reaper;
  let client: DynamoDBDocumentClient;
  const logs: string[] = [];

  before(async () => {
    reaper = new Reaper();
    store = new DynamoDbStore((_, line) => logs.push(line), reaper);
    await store.open();
    await store.createTables(await plan("", (region) => void addTable(region)));
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    client = DynamoDBDocumentClient.from(
      new DynamoDBClient({ endpoint: store.url, region: "eu-west-1", credentials, maxAttempts: 10 }),
    );
  });

  after(async () => {
    client.destroy();
    await store.stop();
    await reaper.stop();
  });

  const get = async (id: string) => (await client.send(new GetCommand({ TableName: "things", Key: { id } }))).Item;

  it("has the planned table with its index", async () => {
    await client.send(new PutCommand({ TableName: "things", Item: { id: "1", kind: "tea" } }));
    const found = await client.send(
      new QueryCommand({
        TableName: "things",
        IndexName: "by-kind",
        KeyConditionExpression: "kind = :kind",
        ExpressionAttributeValues: { ":kind": "tea" },
      }),
    );
    assert.deepEqual(found.Items, [{ id: "1", kind: "tea" }]);
  });

  it("survives a caller that is cut off in the middle of a request", async () => {
    const { port } = new URL(store.url);
    const socket = connect(Number(port), "127.0.0.1");
    socket.write("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{");
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.resetAndDestroy();
    await client.send(new PutCommand({ TableName: "things", Item: { id: "2" } }));
    assert.deepEqual(await get("2"), { id: "2" });
    assert.equal(
      logs.some((line) => line.includes("starts again")),
      false,
    );
  });

  it("keeps its items when its own process is killed", async () => {
    await client.send(new PutCommand({ TableName: "things", Item: { id: "3" } }));
    process.kill(store.pid!, "SIGKILL");
    await until("restarted", () => logs.some((line) => line.includes("starts again")));
    assert.deepEqual(await get("3"), { id: "3" });
  });
});
