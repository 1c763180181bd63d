import {
  type DynaliteOperation,
  db,
  type Item,
  type ServiceError,
  type Store,
  serviceError,
  type Table,
  tableOf,
  validated,
} from "./dynalite";

/** What one action of a transaction does. */
export interface Action {
  readonly operation: DynaliteOperation;
  /** Validated. */
  readonly input: any;
  readonly table: Table;
  readonly key: string;
  /** Why the key does not fit the table. */
  readonly wrong: ServiceError | undefined;
  /** Nothing is written. */
  readonly checkOnly: boolean;
  readonly returnsOld: boolean;
}

/** Why an action keeps its transaction from being made. */
export interface Reason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Item;
}

const maxActions = 100;
/** The operation that decides on a kind of action. */
export const operations: Readonly<Record<string, DynaliteOperation>> = {
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  // A deletion that is not made: it has the same input, and is decided alike.
  ConditionCheck: "DeleteItem",
};

/** Returns the list of a transaction. @param kinds  of actions that it may have @throws {ServiceError} unless each of it is one action */
export function actionsOf(input: any, kinds: readonly string[]): readonly any[] {
  const list: unknown = input.TransactItems;
  const rule = "failed to satisfy constraint: Member must";
  const refuse = (value: string, what: string) =>
    invalid(`1 validation error detected: Value ${value} at 'transactItems' ${rule} ${what}`);
  if (!Array.isArray(list)) throw refuse("null", "not be null");
  if (list.length < 1) throw refuse("'[]'", "have length greater than or equal to 1");
  if (list.length > maxActions)
    throw refuse(`'[${list.length} items]'`, `have length less than or equal to ${maxActions}`);
  for (const each of list) {
    const names = Object.keys(each ?? {});
    if (names.length === 1 && kinds.includes(names[0]!)) continue;
    throw invalid("TransactItems can only contain one of Check, Put, Update or Delete");
  }
  return list;
}

/** Validates an action. @throws {ServiceError} when its form is wrong or there is no such table */
export async function readAction(
  store: Store,
  operation: DynaliteOperation,
  fields: any,
  checkOnly: boolean,
): Promise<Action> {
  const { ReturnValuesOnConditionCheckFailure, ...given } = fields;
  const input: any = validated(operation, given, store);
  const table = await tableOf(store, input.TableName);
  const wrong = input.Item ? db.validateItem(input.Item, table) : db.validateKey(input.Key, table);
  const key = wrong ? "" : db.createKey(input.Item ?? input.Key, table);
  const returnsOld = ReturnValuesOnConditionCheckFailure === "ALL_OLD";
  return { operation, input, table, key, wrong, checkOnly, returnsOld };
}

/** Of an action that could be made. */
export const none: Reason = { Code: "None" };

/** @throws {ServiceError} that says which keys do not fit their tables */
export function refuseWrongKeys(actions: readonly Action[]): void {
  if (actions.every(({ wrong }) => wrong === undefined)) return;
  const reason = (wrong: ServiceError) => ({ Code: "ValidationError", Message: wrong.body.message! });
  throw cancelled(actions.map(({ wrong }) => (wrong ? reason(wrong) : none)));
}

/** Returns the error of a transaction that is not made. @param reasons  one of each action */
export function cancelled(reasons: readonly Reason[]): ServiceError {
  const codes = reasons.map(({ Code }) => Code).join(", ");
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return serviceError("TransactionCanceledException", message, { Message: message, CancellationReasons: reasons });
}

/** Returns the error of a request that is wrong as a whole. */
export function invalid(message: string): ServiceError {
  return serviceError("ValidationException", message);
}
