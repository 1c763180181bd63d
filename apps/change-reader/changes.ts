import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { ChangeKind } from "../kit/definition";
import { itemOf, REGION, timeOf, VERSION } from "../kit/versions";

/** An item as a stream has it. */
type Image = Record<string, AttributeValue>;

/** A record of a table's stream as a pipe passes it on, as far as it is read. */
export interface StreamRecord {
  /** ARN of the stream: `arn:aws:dynamodb:<region>:<account>:table/<table>/stream/<label>`. */
  readonly eventSourceARN: string;
  readonly dynamodb: {
    /** The pipe lets through no record without it. */
    readonly NewImage: Image;
    /** @default there was no item */
    readonly OldImage?: Image;
  };
}

/** The message of one change, see `itemChange`. */
export interface ChangeMessage {
  readonly id: string;
  readonly service: string;
  readonly kind: ChangeKind;
  readonly item: object;
  readonly previous?: object;
  readonly at: string;
  readonly version: number;
  readonly region: string;
}

/**
 * Makes the function that returns the messages of a batch of records, in their order. It returns none for a tombstone that
 * replaces another, which changes no item. It fails on a record of an unknown table and on one without a version, which the
 * write that sets the region sets too.
 * @param services  names of the services by the names of their tables
 */
export function changeReader(services: ReadonlyMap<string, string>) {
  return async (records: readonly StreamRecord[]): Promise<ChangeMessage[]> =>
    records.flatMap((record) => changeOf(record, services) ?? []);
}

/**
 * Reads PUBLISHERS: the service of each table.
 * @example publishersOf("eu-west-1-data-food-store-1a2b3c4=food-store") // one entry
 * @throws {Error} one sentence when it is missing or invalid
 */
export function publishersOf(text: string | undefined): ReadonlyMap<string, string> {
  const entries = (text ?? "").split(",").map((entry) => entry.split("="));
  if (entries.some((entry) => entry.length !== 2 || entry.includes(""))) {
    throw new Error(
      `change-reader: PUBLISHERS must be a list of <table>=<service>, got ${JSON.stringify(text)}; set the environment variable PUBLISHERS`,
    );
  }
  return new Map(entries as [string, string][]);
}

function changeOf(
  { eventSourceARN, dynamodb }: StreamRecord,
  services: ReadonlyMap<string, string>,
): ChangeMessage | undefined {
  const table = eventSourceARN.split("/")[1] ?? "";
  const service = services.get(table);
  if (service === undefined) throw new Error(`change-reader: table ${table} has no service; name it in PUBLISHERS`);
  const stored = unmarshall(dynamodb.NewImage);
  const { id, [REGION]: region, [VERSION]: version } = stored;
  if (typeof version !== "number") throw new Error(`change-reader: an item of ${service} has no number as ${VERSION}`);
  const item = itemOf(stored);
  const previous = dynamodb.OldImage === undefined ? undefined : itemOf(unmarshall(dynamodb.OldImage));
  const change = { id, service, at: timeOf(version), version, region };
  if (item !== undefined && previous !== undefined) return { ...change, kind: "changed", item, previous };
  if (item !== undefined) return { ...change, kind: "created", item };
  return previous === undefined ? undefined : { ...change, kind: "deleted", item: previous };
}
