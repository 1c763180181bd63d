import { createHash } from "node:crypto";
import { act, db, type Item, type ServiceError, serviceError } from "./dynalite";
import { inLocks } from "./item-locks";
import type { Items } from "./items";
import {
  type Action,
  actionsOf,
  cancelled,
  invalid,
  none,
  operations,
  type Reason,
  readAction,
  refuseWrongKeys,
} from "./transaction-actions";
import { WritesOfStep } from "./writes-of-step";

const maxBytes = 4 * 1_024 * 1_024;
/** How long a token is known. */
const tokenMs = 10 * 60_000;

/**
 * Transactions on the items of one region. All actions are decided with the items locked, and written in one step, or none
 * is. Other regions get the writes one by one.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
 */
export class Transactions {
  /** Items that a transaction is working on: a second transaction on them is cancelled. */
  private readonly busy = new Set<string>();
  /** Tokens of transactions that are not finished. */
  private readonly running = new Set<string>();

  /** @param factor  how many times faster than planned time passes */
  constructor(
    private readonly items: Items,
    private readonly factor: number,
  ) {}

  /** Runs TransactWriteItems. @throws {ServiceError} as DynamoDB does */
  async write(input: any): Promise<object> {
    const actions = actionsOf(input, Object.keys(operations));
    const token: unknown = input.ClientRequestToken;
    if (token === undefined) return this.writeOnce(input, actions, []);
    if (typeof token !== "string" || token.length < 1 || token.length > 36) {
      const rule = `Member must have length ${String(token).length > 36 ? "less than or equal to 36" : "greater than or equal to 1"}`;
      throw invalid(
        `1 validation error detected: Value '${token}' at 'clientRequestToken' failed to satisfy constraint: ${rule}`,
      );
    }
    return this.idempotent(token, input, actions);
  }

  /** Runs TransactGetItems. @throws {ServiceError} as DynamoDB does */
  async get(input: any): Promise<object> {
    const { ReturnConsumedCapacity } = input;
    const given = actionsOf(input, ["Get"]);
    const actions = await Promise.all(
      given.map((each) =>
        readAction(this.items.store, "GetItem", { ...each.Get, ConsistentRead: true, ReturnConsumedCapacity }, false),
      ),
    );
    refuseWrongKeys(actions);
    return this.onItems(actions, async () => {
      const answers = await Promise.all(actions.map((each) => act("GetItem", this.items.store, each.input)));
      refuseTooLarge(answers.map(({ Item }) => Item));
      const Responses = answers.map(({ Item }) => (Item === undefined ? {} : { Item }));
      return { Responses, ...consumed(answers) };
    });
  }

  private async idempotent(token: string, input: any, actions: readonly any[]): Promise<object> {
    const hash = createHash("sha256").update(JSON.stringify(input.TransactItems)).digest("base64");
    const key = `token-${token}`;
    if (this.running.has(token)) {
      throw serviceError("TransactionInProgressException", "Transaction is in progress for the provided token");
    }
    this.running.add(token);
    try {
      const known: { hash: string; at: number } | undefined = await this.items.store.db.get(key);
      if (known === undefined || known.at + tokenMs / this.factor < Date.now()) {
        return await this.writeOnce(input, actions, [{ type: "put", key, value: { hash, at: Date.now() } }]);
      }
      if (known.hash === hash) return {};
      const message = "The request uses the same client token as a previous, but non-identical request.";
      throw serviceError("IdempotentParameterMismatchException", message);
    } finally {
      this.running.delete(token);
    }
  }

  private async writeOnce(
    { ReturnConsumedCapacity }: any,
    given: readonly any[],
    more: Parameters<Items["writeAll"]>[1],
  ): Promise<object> {
    const actions = await Promise.all(
      given.map((each) => {
        const [kind, fields] = Object.entries<any>(each)[0]!;
        if (kind === "ConditionCheck" && fields?.ConditionExpression === undefined) {
          throw invalid("The expression can not be empty;");
        }
        return readAction(
          this.items.store,
          operations[kind]!,
          { ...fields, ReturnConsumedCapacity },
          kind === "ConditionCheck",
        );
      }),
    );
    refuseWrongKeys(actions);
    const names = actions.map(nameOf);
    if (new Set(names).size < names.length) {
      throw invalid("Transaction request cannot include multiple operations on one item");
    }
    return this.onItems(actions, async () => {
      const step = new WritesOfStep(this.items.store);
      const outcomes = await Promise.all(actions.map((action) => this.decide(action, step)));
      if (outcomes.some(({ reason }) => reason !== undefined)) {
        throw cancelled(outcomes.map(({ reason }) => reason ?? none));
      }
      refuseTooLarge(actions.map((each) => step.newest(each.table.TableName, each.key)));
      await this.items.writeAll(step.items, [...step.indexes, ...(more ?? [])]);
      return consumed(outcomes.map(({ answer }) => answer));
    });
  }

  /** Decides on an action, and adds what it writes to the step. */
  private async decide(action: Action, step: WritesOfStep): Promise<{ answer?: any; reason?: Reason }> {
    const { operation, input, table, key, checkOnly, returnsOld } = action;
    try {
      return { answer: await act(operation, checkOnly ? step.unwritten() : step.store, input) };
    } catch (error) {
      const { body } = error as ServiceError;
      const type = body?.__type.split("#")[1];
      if (type === "ConditionalCheckFailedException") {
        const old = returnsOld ? await step.old(table.TableName, key) : undefined;
        const more = old === undefined ? {} : { Item: old };
        return { reason: { Code: "ConditionalCheckFailed", Message: "The conditional request failed", ...more } };
      }
      if (type === "ValidationException") return { reason: { Code: "ValidationError", Message: body.message! } };
      throw error;
    }
  }

  /** Runs with the items of actions locked. @throws {ServiceError} when another transaction works on one of them */
  private async onItems<T>(actions: readonly Action[], work: () => Promise<T>): Promise<T> {
    const names = actions.map(nameOf);
    const conflict: Reason = { Code: "TransactionConflict", Message: "Transaction is ongoing for the item" };
    if (names.some((name) => this.busy.has(name))) {
      throw cancelled(names.map((name) => (this.busy.has(name) ? conflict : none)));
    }
    for (const name of names) this.busy.add(name);
    try {
      const locks = actions.map(({ table, key }) => ({ table: table.TableName, key }));
      return await inLocks(this.items.store, locks, work);
    } finally {
      for (const name of names) this.busy.delete(name);
    }
  }
}

function nameOf({ table, key }: Action): string {
  return `${table.TableName}~${key}`;
}

function refuseTooLarge(items: readonly (Item | undefined)[]): void {
  const bytes = items.reduce((sum, item) => sum + (item === undefined ? 0 : db.itemSize(item)), 0);
  if (bytes > maxBytes) throw invalid("The aggregate size of the items in the transaction exceeds 4 MB");
}

/** Transactions take twice the capacity of single operations. */
function consumed(answers: readonly { readonly ConsumedCapacity?: any }[]): object {
  const units = new Map<string, number>();
  for (const { ConsumedCapacity: each } of answers.filter((answer) => answer?.ConsumedCapacity)) {
    units.set(each.TableName, (units.get(each.TableName) ?? 0) + 2 * each.CapacityUnits);
  }
  if (units.size === 0) return {};
  return { ConsumedCapacity: [...units].map(([TableName, CapacityUnits]) => ({ TableName, CapacityUnits })) };
}
