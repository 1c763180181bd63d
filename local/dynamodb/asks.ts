import type { Ask, Where } from "../iam/access";

/** Operations on several items whose permissions are those of the single operations. */
const transactions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  TransactWriteItems: {
    Put: "PutItem",
    Update: "UpdateItem",
    Delete: "DeleteItem",
    ConditionCheck: "ConditionCheckItem",
  },
  TransactGetItems: { Get: "GetItem" },
};
const batches: readonly string[] = ["BatchGetItem", "BatchWriteItem"];
/** They know no table. */
const general: readonly string[] = ["ListTables", "ListStreams", "DescribeLimits", "DescribeEndpoints"];

/**
 * Returns what a call of DynamoDB asks of policies: the operation on each table, or on the index that it reads.
 * @param operation  @example "GetItem"
 * @param input  the body of the call
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
export function dynamoDbAsks(operation: string, input: any, { region, account }: Where): Ask[] {
  const ask = (name: string, table: unknown, index?: unknown): Ask => ({
    action: `dynamodb:${name}`,
    resource: tableArn(String(table), { region, account }) + (index === undefined ? "" : `/index/${index}`),
  });
  const parts = transactions[operation];
  if (parts !== undefined) {
    return (input?.TransactItems ?? []).flatMap((item: Readonly<Record<string, any>>) =>
      Object.entries(item ?? {}).flatMap(([kind, each]) => (parts[kind] ? [ask(parts[kind], each?.TableName)] : [])),
    );
  }
  if (batches.includes(operation)) return Object.keys(input?.RequestItems ?? {}).map((table) => ask(operation, table));
  if (general.includes(operation)) return [{ action: `dynamodb:${operation}`, resource: "*" }];
  const stream = input?.StreamArn ?? (operation === "GetRecords" ? streamOf(input?.ShardIterator) : undefined);
  if (stream !== undefined) return [ask(operation, stream)];
  return [ask(operation, input?.TableName ?? input?.ResourceArn, input?.IndexName)];
}

/** A shard iterator begins with the ARN of the stream. */
function streamOf(iterator: unknown): string {
  return String(iterator).split("|")[0]!;
}

/** A table is named, or its ARN is given. */
function tableArn(table: string, { region, account }: Where): string {
  return table.startsWith("arn:") ? table : `arn:aws:dynamodb:${region}:${account}:table/${table}`;
}
