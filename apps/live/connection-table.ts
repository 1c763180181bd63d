import { DeleteItemCommand, DynamoDBClient, PutItemCommand, paginateScan } from "@aws-sdk/client-dynamodb";
import { clientLimits } from "../kit/dynamo";

/** An open connection. */
export interface Connection {
  readonly id: string;
  /** Services whose changes it shows. */
  readonly services: readonly string[];
  /** When it was stored, in seconds since 1970: just before API Gateway opens it. */
  readonly storedAt: number;
  /** When it must end, in seconds since 1970. */
  readonly expiresAt: number;
}

/**
 * Seconds from the end of a connection to when DynamoDB may remove its row, as long as any connection: on this machine
 * the time to live passes as fast as planned time does, which the end of a token is part of already.
 */
const keptSeconds = 7_200;

/** The open connections of a region: hash key `id`; `removeAt` is its time to live. */
export interface ConnectionTable {
  put(connection: Connection): Promise<void>;
  /** Removes a row; one that is gone already is no error. */
  remove(id: string): Promise<void>;
  /** Returns every connection that was stored before. */
  all(): Promise<readonly Connection[]>;
}

/** Makes the connections of a table in DynamoDB. @param TableName  its name */
export function connectionTable(TableName: string): ConnectionTable {
  const client = new DynamoDBClient(clientLimits);
  return {
    async put({ id, services, storedAt, expiresAt }) {
      const Item = {
        id: { S: id },
        services: { SS: [...services] },
        storedAt: { N: String(storedAt) },
        expiresAt: { N: String(expiresAt) },
        removeAt: { N: String(expiresAt + keptSeconds) },
      };
      await client.send(new PutItemCommand({ TableName, Item }));
    },
    async remove(id) {
      await client.send(new DeleteItemCommand({ TableName, Key: { id: { S: id } } }));
    },
    async all() {
      const found: Connection[] = [];
      // A row that is seen later would leave out the first changes after its page has read the items.
      for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true })) {
        for (const { id, services, storedAt, expiresAt } of Items) {
          const times = { storedAt: Number(storedAt?.N), expiresAt: Number(expiresAt?.N) };
          found.push({ id: id!.S!, services: services?.SS ?? [], ...times });
        }
      }
      return found;
    },
  };
}
