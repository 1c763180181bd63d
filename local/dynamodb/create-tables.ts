import { UserError } from "../../graph/user-error";
import type { PlannedTable } from "./planned-tables";

/** Calls DynamoDB's API in one region. @throws {Error} named as the refusal when it is refused */
export type Call = (operation: string, input: object) => Promise<any>;

/** Creates a planned table, and waits until it can be used. */
export async function createTable({ name, input, timeToLive }: PlannedTable, call: Call): Promise<void> {
  await call("CreateTable", input);
  while ((await call("DescribeTable", { TableName: name })).Table.TableStatus !== "ACTIVE");
  if (timeToLive === undefined) return;
  const TimeToLiveSpecification = { AttributeName: timeToLive, Enabled: true };
  await call("UpdateTimeToLive", { TableName: name, TimeToLiveSpecification });
}

/**
 * Creates a planned table in a store that may have it from an earlier start. Nothing is ever removed from that store.
 * @throws {UserError} when the store does not answer, or has the table with other keys
 */
export async function addTable(table: PlannedTable, call: Call, url: string): Promise<void> {
  const { name, input } = table;
  try {
    const { Table } = await call("DescribeTable", { TableName: name });
    const [has, planned] = [keysOf(Table), keysOf(input)];
    if (has === planned) return;
    throw new UserError(
      `table "${name}" in the store at ${url} must have the planned keys ${planned}, got ${has}; delete it there, or name another store with --dynamodb`,
    );
  } catch (error) {
    if (error instanceof UserError) throw error;
    if ((error as Error).name !== "ResourceNotFoundException") throw unusable(url, error);
  }
  await createTable(table, call).catch((error) => {
    throw unusable(url, error);
  });
}

/** Keys of a table and of its indexes, in one order. @example "id HASH; by-kind: kind HASH" */
function keysOf({ KeySchema, GlobalSecondaryIndexes = [] }: any): string {
  const keys = (schema: any[]) => schema.map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`).join(", ");
  const indexes = (GlobalSecondaryIndexes ?? []).map((each: any) => `${each.IndexName}: ${keys(each.KeySchema)}`);
  return [keys(KeySchema), ...indexes.sort()].join("; ");
}

function unusable(url: string, error: unknown): UserError {
  return new UserError(
    `the store at ${url} must answer as DynamoDB does, got: ${(error as Error).message}; start it, or leave --dynamodb out`,
  );
}
