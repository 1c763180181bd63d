import type { RequestListener } from "node:http";
import { serve } from "../local/apigateway/http/helpers/running";

const dynalite = require("dynalite");

/** Starts DynamoDB with a table `items` that has these ids. @returns its origin */
export async function startStore(ids: readonly string[]): Promise<string> {
  const [listener] = dynalite({ createTableMs: 0 }).listeners("request") as RequestListener[];
  const { origin } = await serve(listener!);
  const key = { AttributeName: "id", KeyType: "HASH" };
  await call(origin, "CreateTable", {
    TableName: "items",
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [key],
  });
  while ((await call(origin, "DescribeTable", { TableName: "items" })).Table.TableStatus !== "ACTIVE");
  for (const id of ids) await call(origin, "PutItem", { TableName: "items", Item: { id: { S: id } } });
  return origin;
}

async function call(origin: string, operation: string, body: object): Promise<any> {
  const signature = "AWS4-HMAC-SHA256 Credential=a/20260101/r/dynamodb/aws4_request, SignedHeaders=host, Signature=0";
  const answer = await fetch(origin, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `DynamoDB_20120810.${operation}`,
      "x-amz-date": "20260101T000000Z",
      authorization: signature,
    },
    body: JSON.stringify(body),
  });
  return answer.json();
}
