import assert from "node:assert/strict";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { callAsOperator } from "../../../local/dynamodb/operator-call";
import { credentials, RunningStore, regions } from "./helpers/running-store";

const [central] = regions;
const table = { TableName: "things" };
const s = (text: string) => ({ S: text });
const key = { ...table, Key: { id: s("a") } };
const put = (item: object, more: object = {}) => ({ ...table, Item: item, ...more });
const values = (more: object) => ({ ExpressionAttributeValues: more });
const invalid = "ValidationException";
const wrong = "One or more parameter values were invalid: ";

/** Operation, input, and DynamoDB's answer: the name of its exception and its text. */
const refused: [what: string, operation: string, input: object, name: string, message: string | RegExp][] = [
  [
    ...[
      "a reserved word",
      "UpdateItem",
      { ...key, UpdateExpression: "SET name = :v", ...values({ ":v": s("x") }) },
      invalid,
    ],
    "Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: name",
  ],
  [
    ...["an empty key", "PutItem", put({ id: s("") }), invalid],
    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: id",
  ],
  ["an item without the key", "PutItem", put({ kind: s("x") }), invalid, `${wrong}Missing the key id in the item`],
  [
    ...["a key of another type", "PutItem", put({ id: { N: "1" } }), invalid],
    `${wrong}Type mismatch for key id expected: S actual: N`,
  ],
  [
    ...["an index key of another type", "PutItem", put({ id: s("a"), kind: { N: "1" } }), invalid],
    `${wrong}Type mismatch for Index Key kind Expected: S Actual: N IndexName: by-kind`,
  ],
  [
    ...["a key that the table does not have", "GetItem", { ...table, Key: { other: s("a") } }, invalid],
    "The provided key element does not match the schema",
  ],
  [
    ...["an item of more than 400 KB", "PutItem", put({ id: s("a"), text: s("x".repeat(409_600)) }), invalid],
    "Item size has exceeded the maximum allowed size",
  ],
  [
    ...["a hash key of more than 2,048 bytes", "PutItem", put({ id: s("x".repeat(2_049)) }), invalid],
    `${wrong}Size of hashkey has exceeded the maximum size limit of2048 bytes`,
  ],
  [
    "an unknown table",
    "GetItem",
    { ...key, TableName: "unknown" },
    "ResourceNotFoundException",
    "Requested resource not found",
  ],
  [
    ...["the description of an unknown table", "DescribeTable", { TableName: "unknown" }, "ResourceNotFoundException"],
    "Requested resource not found: Table: unknown not found",
  ],
  [
    ...["a table of a name that is taken", "CreateTable"],
    {
      ...{ ...table, BillingMode: "PAY_PER_REQUEST", KeySchema: [{ AttributeName: "id", KeyType: "HASH" }] },
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    },
    ...["ResourceInUseException", "Table already exists: things"],
  ] as any,
  [
    ...["a value that no expression uses", "UpdateItem"],
    { ...key, UpdateExpression: "REMOVE a", ...values({ ":v": s("x") }) },
    ...[invalid, "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}"],
  ] as any,
  [
    ...["a value that is not there", "PutItem"],
    put({ id: s("a") }, { ConditionExpression: "kind = :v" }),
    ...[
      invalid,
      "Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :v",
    ],
  ] as any,
  [
    ...["an update of the key", "UpdateItem", { ...key, UpdateExpression: "SET id = :v", ...values({ ":v": s("x") }) }],
    ...[invalid, `${wrong}Cannot update attribute id. This attribute is part of the key`],
  ] as any,
  [
    ...[
      "two updates of one path",
      "UpdateItem",
      { ...key, UpdateExpression: "SET a = :v, a = :v", ...values({ ":v": s("x") }) },
    ],
    ...[
      invalid,
      "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]",
    ],
  ] as any,
  ["an empty set", "PutItem", put({ id: s("a"), set: { SS: [] } }), invalid, `${wrong}An string set  may not be empty`],
  [
    ...["a number of more than 38 digits", "PutItem", put({ id: s("a"), n: { N: "1".repeat(39) } }), invalid],
    "Attempting to store more than 38 significant digits in a Number",
  ],
  [
    ...["a batch of more than 25", "BatchWriteItem"],
    {
      RequestItems: { things: Array.from({ length: 26 }, (_, i) => ({ PutRequest: { Item: { id: s(String(i)) } } })) },
    },
    ...[
      invalid,
      /at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: \[Member must have length less than or equal to 25/,
    ],
  ] as any,
  [
    ...["one item twice in a batch", "BatchWriteItem"],
    { RequestItems: { things: [1, 2].map(() => ({ PutRequest: { Item: { id: s("a") } } })) } },
    ...[invalid, "Provided list of item keys contains duplicates"],
  ] as any,
  [
    ...["a query without a key", "Query", table, invalid],
    "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
  ],
  [
    ...["an unknown index", "Query"],
    { ...table, IndexName: "nope", KeyConditionExpression: "kind = :v", ...values({ ":v": s("x") }) },
    ...[invalid, "The table does not have the specified index: nope"],
  ] as any,
  [
    ...["a consistent read of a global index", "Query"],
    {
      ...table,
      IndexName: "by-kind",
      ConsistentRead: true,
      KeyConditionExpression: "kind = :v",
      ...values({ ":v": s("x") }),
    },
    ...[invalid, "Consistent reads are not supported on global secondary indexes"],
  ] as any,
  ["an operation that there is not", "MakeTea", {}, "UnknownOperationException", ""],
];

describe("what the store refuses, in DynamoDB's words", () => {
  let running: RunningStore;

  before(async () => {
    running = new RunningStore();
    await running.start();
  });
  after(() => running.stop());

  const call = (operation: string, input: object) =>
    callAsOperator(running.store.regions.get(central)!, central, operation, input);

  for (const [what, operation, input, name, message] of refused) {
    it(what, async () => {
      const error = await call(operation, input).then(
        () => assert.fail("it was taken"),
        (thrown: Error) => thrown,
      );
      const text = error.message.replace(`dynamodb: ${operation} failed: `, "");
      assert.equal(error.name, name, text);
      if (typeof message === "string") assert.equal(text, message);
      else assert.match(text, message);
    });
  }

  it("takes an item of just 400 KB", async () => {
    const text = "x".repeat(409_600 - "id".length - "a".length - "text".length);
    await call("PutItem", put({ id: s("a"), text: s(text) }));
  });

  it("a condition that the item does not meet, with the item where it is asked for", async () => {
    await call("PutItem", put({ id: s("there"), kind: s("tea") }));
    const create = { ConditionExpression: "attribute_not_exists(id)", ReturnValuesOnConditionCheckFailure: "ALL_OLD" };
    const endpoint = running.store.regions.get(central)!;
    const client = new DynamoDBClient({ endpoint, region: central, credentials });
    const input = put({ id: s("there") }, create) as any;
    await assert.rejects(client.send(new PutItemCommand(input)), {
      ...{ name: "ConditionalCheckFailedException", message: "The conditional request failed" },
      Item: { id: s("there"), kind: s("tea") },
    });
    delete input.ReturnValuesOnConditionCheckFailure;
    await assert.rejects(client.send(new PutItemCommand(input)), (error: any) => error.Item === undefined);
  });
});
