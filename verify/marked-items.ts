import { randomBytes } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/** Removes items from the services' tables; their APIs have no route for that. */
export interface Tables {
  /**
   * Removes an item in every region; nothing happens when there is none.
   * @param table  one of the service's further tables @default its own
   * @throws {Error} when it is not allowed
   */
  remove(service: string, id: string, table?: string): Promise<void>;
}

/** An item that a run stored, or may have stored. */
export interface MarkedItem {
  readonly service: string;
  readonly id: string;
  /** Label of the door it was sent through. */
  readonly door: string;
  /** Path that reads it. */
  readonly path: string;
  /** One of the service's further tables. @default its own */
  readonly table?: string;
  /** Tells the items of one service and door apart. @default the item that a PUT with an id stored */
  readonly part?: string;
}

/** Every item of one run; their ids begin with `verify-` and the time. */
export class MarkedItems {
  readonly all: MarkedItem[] = [];
  private readonly prefix =
    `verify-${new Date().toISOString().replace(/[-:]|\.\d+/g, "")}-${randomBytes(3).toString("hex")}`;

  /** Makes the id of a run's item in one service, sent through one door. */
  idFor(door: string): string {
    return `${this.prefix}-${door}`;
  }

  /**
   * Returns the id of an item of a service that this run has stored, through the same door if there is one; undefined
   * when there is none.
   */
  storedId(service: string, door: string): string | undefined {
    const stored = this.all.filter((item) => item.service === service);
    return (stored.find((item) => item.door === door) ?? stored[0])?.id;
  }

  /** Notes an item before it is sent, so that it is removed even when the request fails. */
  add(item: MarkedItem): void {
    this.all.push(item);
  }
}

/** Where the services' tables are. */
export interface TableAddress {
  /** Names by service, and of further tables by `<service>/<table>`. */
  readonly tables: Readonly<Record<string, string>>;
  /** Regions that have a replica. */
  readonly regions: readonly string[];
  /** Default: AWS's own, with the credentials that the SDK finds. */
  readonly endpoint?: string;
}

const secret = { accessKeyId: "local", secretAccessKey: "local" };

/** DynamoDB tables with the key `id`. */
export function dynamoTables({ tables, regions, endpoint }: TableAddress): Tables {
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  const clients = regions.map((region) =>
    DynamoDBDocumentClient.from(
      new DynamoDBClient({
        region,
        maxAttempts: 2,
        requestHandler: { connectionTimeout: 3_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
        ...(endpoint === undefined ? {} : { endpoint, credentials: secret }),
      }),
    ),
  );
  return {
    remove: async (service, id, more) => {
      const place = more === undefined ? service : `${service}/${more}`;
      const table = tables[place];
      if (table === undefined) throw new Error(`the outputs name no table of ${place}`);
      await Promise.all(clients.map((client) => client.send(new DeleteCommand({ TableName: table, Key: { id } }))));
    },
  };
}
