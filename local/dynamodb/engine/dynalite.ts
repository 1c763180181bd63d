/** A value with its type. @example { S: "tea" } */
export type AttributeValue = Readonly<Record<string, any>>;
/** Values by the names of their attributes. */
export type Item = Readonly<Record<string, AttributeValue>>;

/** A table as dynalite keeps it, which is how DescribeTable returns it. */
export interface Table {
  readonly TableName: string;
  readonly TableArn: string;
  readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[];
  readonly [more: string]: unknown;
}

type Done<T = void> = (error: Error | null | undefined, value?: T) => void;

/** The items of one table by their encoded keys. */
export interface ItemDb {
  /** Runs one function at a time for each key; `release` wraps the callback that ends it. */
  lock(keys: string | string[], run: (release: <D>(done: Done<D>) => Done<D>) => void): void;
  get(key: string, done: Done<Item>): void;
  put(key: string, item: Item, done: Done): void;
  del(key: string, done: Done): void;
}

/** A part of what is written in one step. */
export type Operation =
  | { readonly type: "put"; readonly key: string; readonly value: unknown }
  | { readonly type: "del"; readonly key: string };

interface Range {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/** The database under all tables of a store. Items are at `item-<table>~<key>`. */
export interface Level {
  get(key: string): Promise<any>;
  getMany(keys: string[]): Promise<any[]>;
  batch(operations: readonly Operation[]): Promise<void>;
  clear(range: Range): Promise<void>;
  iterator(range: Range): { all(): Promise<[string, any][]> };
  values(range: Range): { all(): Promise<any[]> };
}

/** One store of dynalite. */
export interface Store {
  readonly db: Level;
  readonly tableDb: { awsAccountId: string; awsRegion: string };
  getItemDb(table: string): ItemDb;
  /** @param kind  `Local` or `Global` */
  getIndexDb(kind: string, table: string, index: string): Pick<ItemDb, "put" | "del">;
  getTable(name: string, done: Done<Table>): void;
}

/** An error that is answered to the caller. */
export interface ServiceError extends Error {
  readonly statusCode: number;
  readonly body: { readonly __type: string; readonly message?: string; readonly [more: string]: unknown };
}

interface Validation {
  readonly types: object;
  readonly custom?: (input: object, store: Store) => string | undefined;
}

/**
 * dynalite's functions on stores. Its parts are taken one by one, since its server can neither say what was written nor
 * write several items at once. It has no types of its own.
 */
export const db: {
  create(options: { path: string; createTableMs: number; deleteTableMs: number; updateTableMs: number }): Store;
  createKey(item: Item, table: Table): string;
  itemSize(item: Item): number;
  /** Returns why a key, or the key of an item, does not fit the table. */
  validateKey(key: Item, table: Table): ServiceError | undefined;
  validateItem(item: Item, table: Table): ServiceError | undefined;
  updateIndexes(store: Store, table: Table, old: Item | undefined, item: Item | undefined, done: Done): void;
} = require("dynalite/db");

const validations: {
  checkTypes(input: object, types: object): object;
  checkValidations(input: object, types: object, custom: Validation["custom"], store: Store): void;
} = require("dynalite/validations");

const names = [
  ...["BatchGetItem", "BatchWriteItem", "CreateTable", "DeleteItem", "DeleteTable", "DescribeTable", "GetItem"],
  ...["ListTables", "ListTagsOfResource", "PutItem", "Query", "Scan", "TagResource", "UntagResource", "UpdateItem"],
  "UpdateTable",
] as const;
/** An operation of the API that dynalite has. */
export type DynaliteOperation = (typeof names)[number];

const fileOf = (name: string) => `${name[0]!.toLowerCase()}${name.slice(1)}`;
const actions = new Map(
  names.map((name) => {
    const action: (store: Store, input: object, done: Done<object>) => void = require(
      `dynalite/actions/${fileOf(name)}`,
    );
    const validation: Validation = require(`dynalite/validations/${fileOf(name)}`);
    return [name as string, { action, validation }];
  }),
);

/** Tells whether dynalite has an operation. */
export function isDynaliteOperation(name: string): name is DynaliteOperation {
  return actions.has(name);
}

/** Returns the input of an operation with only what it knows, and with its expressions parsed. @throws {ServiceError} */
export function validated(name: DynaliteOperation, input: object, store: Store): object {
  const { types, custom } = actions.get(name)!.validation;
  const known = validations.checkTypes(input, types);
  validations.checkValidations(known, types, custom, store);
  return known;
}

/** Runs an operation whose input is validated. @throws {ServiceError} when it is refused */
export function act(name: DynaliteOperation, store: Store, input: object): Promise<any> {
  const { action } = actions.get(name)!;
  return promised<any>((done) => action(store, input, done));
}

/** Returns the table. @throws {ServiceError} when there is none */
export function tableOf(store: Store, name: string): Promise<Table> {
  return promised<Table>((done) => store.getTable(name, done));
}

/** Runs what ends with a callback. */
export function promised<T>(run: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => run((error, value) => (error ? reject(error) : resolve(value as T))));
}

/** Returns an error that is answered as DynamoDB answers its own. */
export function serviceError(type: string, message: string, more: object = {}): ServiceError {
  const prefix = type === "ValidationException" ? "com.amazon.coral.validate" : "com.amazonaws.dynamodb.v20120810";
  return Object.assign(new Error(message), {
    statusCode: 400,
    body: { __type: `${prefix}#${type}`, message, ...more },
  });
}
