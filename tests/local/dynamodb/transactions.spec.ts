import assert from "node:assert/strict";
import type { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import {
  QueryCommand,
  TransactGetCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from "@aws-sdk/lib-dynamodb";
import { until } from "../helpers/wait";
import { RunningStore, regions } from "./helpers/running-store";

const [central, west] = regions;
type Actions = NonNullable<TransactWriteCommandInput["TransactItems"]>;
const table = { TableName: "things" };
const put = (id: string, more: object = {}): Actions[number] => ({ Put: { ...table, Item: { id, ...more } } });
const add = (id: string, n: number): Actions[number] => ({
  Update: {
    ...{ ...table, Key: { id }, UpdateExpression: "ADD n :n", ConditionExpression: "n >= :least" },
    ExpressionAttributeValues: { ":n": n, ":least": -n },
  },
});
const check = (id: string): Actions[number] => ({
  ConditionCheck: { ...table, Key: { id }, ConditionExpression: "attribute_exists(id)" },
});

describe("transactions", () => {
  let running: RunningStore;

  before(async () => {
    running = new RunningStore({ lagMs: 50, factor: 300 });
    await running.start();
  });
  after(() => running.stop());

  const write = (items: Actions, more: object = {}) =>
    running.in(central).send(new TransactWriteCommand({ TransactItems: items, ...more }));
  const reasonsOf = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => assert.fail("not cancelled"),
      (thrown: TransactionCanceledException) => thrown,
    );
    assert.equal(error.name, "TransactionCanceledException", error.message);
    const codes = error.CancellationReasons!.map(({ Code }) => Code);
    const list = codes.join(", ");
    assert.equal(
      error.message,
      `Transaction cancelled, please refer cancellation reasons for specific reasons [${list}]`,
    );
    return error.CancellationReasons!;
  };

  it("write all, with their indexes, and reach other regions", async () => {
    await running.put(central, { id: "t1", n: 5 });
    await running.put(central, { id: "t2" });
    await write([put("t3", { kind: "cup" }), add("t1", -2), { Delete: { ...table, Key: { id: "t2" } } }]);
    assert.deepEqual(await running.get(central, "t3"), { id: "t3", kind: "cup" });
    assert.deepEqual(await running.get(central, "t1"), { id: "t1", n: 3 });
    assert.equal(await running.get(central, "t2"), undefined);
    const query = { ...table, IndexName: "by-kind", KeyConditionExpression: "kind = :kind" };
    for (const region of regions) {
      await until(`t3 in ${region}`, async () => {
        const command = new QueryCommand({ ...query, ExpressionAttributeValues: { ":kind": "cup" } });
        return (await running.in(region).send(command)).Items!.length === 1;
      });
    }
    await until("t1 in the other region", async () => (await running.get(west, "t1"))?.["n"] === 3);
  });

  it("write nothing when one action is not allowed, and say for each why", async () => {
    await running.put(central, { id: "n1", n: 1, kind: "old" });
    const returning = { ...add("n1", -2).Update!, ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const };
    const reasons = await reasonsOf(write([put("n2"), { Update: returning }, check("missing"), put("n3")]));
    const failed = { Code: "ConditionalCheckFailed", Message: "The conditional request failed" };
    const [first, second, third, fourth] = reasons.map(({ Code, Message, Item }) => ({ Code, Message, Item }));
    const none = { Code: "None", Message: undefined, Item: undefined };
    assert.deepEqual([first, third, fourth], [none, { ...failed, Item: undefined }, none]);
    assert.deepEqual(second, { ...failed, Item: { id: { S: "n1" }, n: { N: "1" }, kind: { S: "old" } } });
    for (const id of ["n2", "n3"]) assert.equal(await running.get(central, id), undefined);
    assert.equal((await running.get(central, "n1"))!["n"], 1);
  });

  it("are cancelled by what DynamoDB finds invalid in one action", async () => {
    await running.put(central, { id: "v1", n: "text" });
    const [, wrongType] = await reasonsOf(
      write([
        put("v2"),
        {
          Update: { ...table, Key: { id: "v1" }, UpdateExpression: "ADD n :n", ExpressionAttributeValues: { ":n": 1 } },
        },
      ]),
    );
    assert.deepEqual(
      [wrongType!.Code, wrongType!.Message],
      ["ValidationError", "An operand in the update expression has an incorrect data type"],
    );
    const [noKey] = await reasonsOf(write([{ Put: { ...table, Item: { kind: "keyless" } } }]));
    assert.equal(noKey!.Message, "One or more parameter values were invalid: Missing the key id in the item");
    assert.equal(await running.get(central, "v2"), undefined);
  });

  it("have at most 100 actions on items of 4 MB together, one on each item", async () => {
    const hundred = Array.from({ length: 100 }, (_, i) => put(`h${i}`));
    await write(hundred);
    await assert.rejects(write([...hundred, put("h100")]), {
      name: "ValidationException",
      message: /'transactItems' failed to satisfy constraint: Member must have length less than or equal to 100$/,
    });
    await assert.rejects(write([]), { name: "ValidationException", message: /greater than or equal to 1$/ });
    const large = Array.from({ length: 11 }, (_, i) => put(`l${i}`, { text: "x".repeat(390_000) }));
    await assert.rejects(write(large), { name: "ValidationException", message: /exceeds 4 MB/ });
    await write(large.slice(1));
    await assert.rejects(write([put("twice"), check("twice")]), {
      name: "ValidationException",
      message: "Transaction request cannot include multiple operations on one item",
    });
    await assert.rejects(write([{ Put: { TableName: "unknown", Item: { id: "1" } } }]), {
      name: "ResourceNotFoundException",
    });
  });

  it("are made once for one token, which is for one request and ten minutes", async () => {
    await running.put(central, { id: "once", n: 10 });
    const ClientRequestToken = "token-1";
    for (let i = 0; i < 3; i++) await write([add("once", 1)], { ClientRequestToken });
    assert.equal((await running.get(central, "once"))!["n"], 11);
    await assert.rejects(write([add("once", 2)], { ClientRequestToken }), {
      name: "IdempotentParameterMismatchException",
    });
    // Time passes 300 times faster here.
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    await write([add("once", 2)], { ClientRequestToken });
    assert.equal((await running.get(central, "once"))!["n"], 13);
    await assert.rejects(write([put("x")], { ClientRequestToken: "t".repeat(37) }), { name: "ValidationException" });
  });

  it("that work on one item at the same time are cancelled, but for one", async () => {
    await running.put(central, { id: "hot", n: 0 });
    const tries = Array.from({ length: 20 }, () => write([add("hot", 1), put(`by-${Math.random()}`)]));
    const results = await Promise.allSettled(tries);
    const made = results.filter(({ status }) => status === "fulfilled").length;
    const conflicts = results.filter((each) => each.status === "rejected");
    assert.ok(made >= 1 && conflicts.length >= 1, `${made} made`);
    assert.equal((await running.get(central, "hot"))!["n"], made);
    for (const { reason } of conflicts) {
      const codes = reason.CancellationReasons.map(({ Code }: { Code: string }) => Code);
      assert.deepEqual(codes, ["TransactionConflict", "None"]);
    }
  });

  it("read several items as they are at one moment", async () => {
    await write([put("r1", { n: 1 }), put("r2", { n: 1 })]);
    const get = (id: string) => ({ Get: { ...table, Key: { id }, ProjectionExpression: "n" } });
    const read = () =>
      running.in(central).send(new TransactGetCommand({ TransactItems: [get("r1"), get("none"), get("r2")] }));
    assert.deepEqual((await read()).Responses, [{ Item: { n: 1 } }, {}, { Item: { n: 1 } }]);
    const many = Array.from({ length: 101 }, () => get("r1"));
    await assert.rejects(running.in(central).send(new TransactGetCommand({ TransactItems: many })), {
      name: "ValidationException",
    });
  });

  it("take twice the capacity of single writes", async () => {
    const { ConsumedCapacity } = await write([put("c1"), put("c2")], { ReturnConsumedCapacity: "TOTAL" });
    assert.deepEqual(
      ConsumedCapacity!.map(({ TableName, CapacityUnits }) => [TableName, CapacityUnits]),
      [["things", 4]],
    );
  });
});
