import assert from "node:assert/strict";
import { dynamoDbAsks } from "../../../local/dynamodb/asks";

const where = { region: "eu-west-1", account: "123456789012" };
const table = "arn:aws:dynamodb:eu-west-1:123456789012:table/things";
const stream = `${table}/stream/2026-01-01T00:00:00.000`;

describe("what calls of DynamoDB ask of policies", () => {
  const cases: [operation: string, input: object, asked: [action: string, resource: string][]][] = [
    ["ListStreams", { TableName: "things" }, [["ListStreams", "*"]]],
    ["DescribeStream", { StreamArn: stream }, [["DescribeStream", stream]]],
    ["GetShardIterator", { StreamArn: stream, ShardId: "1" }, [["GetShardIterator", stream]]],
    ["GetRecords", { ShardIterator: `${stream}|1|e30=` }, [["GetRecords", stream]]],
    ["UpdateTimeToLive", { TableName: "things" }, [["UpdateTimeToLive", table]]],
    ["GetItem", { TableName: table }, [["GetItem", table]]],
    ["TransactGetItems", { TransactItems: [{ Get: { TableName: "things" } }] }, [["GetItem", table]]],
  ];
  for (const [operation, input, asked] of cases) {
    it(`${operation}: ${asked.map(([action, resource]) => `${action} on ${resource}`).join(", ")}`, () => {
      const found = dynamoDbAsks(operation, input, where).map(({ action, resource }) => [action, resource]);
      assert.deepEqual(
        found,
        asked.map(([action, resource]) => [`dynamodb:${action}`, resource]),
      );
    });
  }
});
