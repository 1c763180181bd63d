import assert from "node:assert/strict";
import { join } from "node:path";
import { CreateTableCommand, ScanCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { bundle } from "../../apps/bundle";
import { projectRoot } from "../../graph/project-root";
import { findPython } from "../../local/processes/python";
import { dynamoClient, type Storage, startDynamo, startFakeDynamo, storageEnvironment } from "./helpers/dynamo";
import { type Answer, type Running, startServer } from "./helpers/process";

const review = { product: "apple-1", rating: 4, title: "Crisp", author: "Ada" };

describe("idempotency keys of a service in Python", function () {
  this.timeout(60_000);
  let storage: Storage;
  let broken: Storage;
  const servers: Running[] = [];

  const serverAt = async (place: Storage, more: Record<string, string> = {}): Promise<Running> => {
    const { reviews } = await bundle(["reviews"]);
    const folder = join(projectRoot, reviews!.directory);
    const python = await findPython(folder);
    assert.ok("variables" in python, JSON.stringify(python));
    const tables = { TABLE_NAME: "reviews", TABLE_IDEMPOTENCY_KEYS: "keys" };
    const server = await startServer(join(folder, "server.py"), {
      ...{ ...storageEnvironment(place.endpoint), ...tables, ...python.variables, ...more },
    });
    servers.push(server);
    return server;
  };
  const post = (
    server: Running,
    headers: Record<string, string>,
    body: object = review,
    path = "/reviews/reviews",
  ): Promise<Answer> =>
    server.ask(path, {
      ...{ method: "POST", headers: { "content-type": "application/json", "x-subject": "ada", ...headers } },
      body: JSON.stringify(body),
    });
  const codeOf = ({ status, body }: Answer) => [status, JSON.parse(body).code];

  before(async () => {
    storage = await startDynamo("reviews", { hashKey: "id", indexes: [{ name: "by-product", hashKey: "product" }] });
    const client = dynamoClient(storage);
    await client.send(
      new CreateTableCommand({
        TableName: "keys",
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      }),
    );
    broken = await startFakeDynamo((_request, response) => response.writeHead(500).end("{}"));
    await serverAt(storage);
    await serverAt(storage);
  });
  after(() => {
    for (const { child } of servers) child.kill("SIGKILL");
    storage?.close();
    broken?.close();
  });
  const stored = async (table: string) =>
    (await dynamoClient(storage).send(new ScanCommand({ TableName: table }))).Items ?? [];

  it("have one effect and one answer, on each server", async () => {
    const [one, other] = servers as [Running, Running];
    const before = (await stored("reviews")).length;
    const first = await post(one, { "idempotency-key": "once" });
    assert.equal(first.status, 200, first.body);
    const second = await post(other, { "idempotency-key": '"once"' });
    assert.deepEqual([second.status, second.body], [200, first.body]);
    assert.equal((await stored("reviews")).length, before + 1);
    const { id, ...rest } = JSON.parse(first.body);
    assert.match(id, /^[0-9a-f]{32}$/);
    assert.deepEqual(rest, review);
  });

  it("have one effect when they come 20 times at the same moment to two servers", async () => {
    const before = (await stored("reviews")).length;
    const many = Array.from({ length: 20 }, (_, i) => post(servers[i % 2]!, { "idempotency-key": "at-once" }));
    const answers = await Promise.all(many);
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      assert.deepEqual(codeOf(answer), [409, "idempotency_in_progress"]);
      assert.equal(answer.headers["retry-after"], "1");
    }
    const done = new Set(answers.filter(({ status }) => status === 200).map(({ body }) => body));
    assert.equal(done.size, 1);
    assert.equal((await stored("reviews")).length, before + 1);
  });

  it("are of their caller, and of one body", async () => {
    const [one] = servers as [Running];
    const key = { "idempotency-key": "shared" };
    const ids = new Set<string>();
    for (const subject of ["ada", "bob", "partner|ada"]) {
      ids.add(JSON.parse((await post(one, { ...key, "x-subject": subject })).body).id);
    }
    assert.equal(ids.size, 3);
    assert.deepEqual(codeOf(await post(one, key, { ...review, rating: 1 })), [422, "idempotency_key_reused"]);
    const keys = JSON.stringify(await stored("keys"));
    for (const secret of ["shared", "partner|ada"]) assert.ok(!keys.includes(secret), secret);
  });

  it("are free again after 24 hours, and when a server died with the work, after its deadline", async () => {
    const [one] = servers as [Running];
    const key = { "idempotency-key": "old" };
    const first = await post(one, key);
    const client = dynamoClient(storage);
    const item = (await stored("keys")).find((each) => JSON.stringify(each).includes(JSON.parse(first.body).id))!;
    const seconds = Number(item["expiresAt"]!.N) - Date.now() / 1_000;
    assert.ok(Math.abs(seconds - 86_400) < 60, `${seconds}`);
    const changed = (UpdateExpression: string, values: object) =>
      client.send(
        new UpdateItemCommand({
          ...{ TableName: "keys", Key: { id: item["id"]! }, UpdateExpression },
          ...{ ExpressionAttributeNames: { "#s": "status" }, ExpressionAttributeValues: values as never },
        }),
      );
    const expired = { ":then": { N: `${Math.floor(Date.now() / 1_000) - 1}` }, ":done": { S: "COMPLETED" } };
    await changed("SET expiresAt = :then, #s = :done", expired);
    assert.equal((await post(one, key, { ...review, rating: 1 })).status, 200);
    const running = { ":s": { S: "INPROGRESS" }, ":at": { N: `${Date.now() + 3_000}` } };
    await changed("SET #s = :s, in_progress_expiration = :at", running);
    assert.deepEqual(codeOf(await post(one, key, { ...review, rating: 1 })), [409, "idempotency_in_progress"]);
    await changed("SET #s = :s, in_progress_expiration = :at", { ...running, ":at": { N: `${Date.now() - 1}` } });
    assert.equal((await post(one, key, { ...review, rating: 1 })).status, 200);
  });

  it("are in the header that clients of an existing gateway send to a former path, and in their own on the route's", async () => {
    const more = { FORMER_PATH_POST_REVIEW: "/legacy/reviews", FORMER_KEY_HEADER: "x-request-key" };
    const server = await serverAt(storage, more);
    const old = await post(server, { "x-request-key": "former" }, review, "/legacy/reviews");
    assert.equal(old.status, 200, old.body);
    assert.equal((await post(server, { "idempotency-key": "former" })).body, old.body);
    const missing = [400, "idempotency_key_missing"];
    assert.deepEqual(codeOf(await post(server, { "idempotency-key": "former" }, review, "/legacy/reviews")), missing);
    assert.deepEqual(codeOf(await post(server, { "x-request-key": "former" })), missing);
  });

  it("do nothing while their table does not answer, and a server without the table says so", async () => {
    const without = await serverAt(broken);
    assert.deepEqual(codeOf(await post(without, { "idempotency-key": "k" })), [503, "storage_unavailable"]);
    await assert.rejects(serverAt(storage, { TABLE_IDEMPOTENCY_KEYS: "" }), {
      message: /reviews: TABLE_IDEMPOTENCY_KEYS is missing; set the environment variable TABLE_IDEMPOTENCY_KEYS/,
    });
  });
});
