import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { TableSpec } from "../../../apps/kit/contract";

// Has no types of its own.
const dynalite: (options: { createTableMs: number; updateTableMs: number }) => Server = require("dynalite");

export interface Storage {
  readonly endpoint: string;
  close(): void;
}

/** The SDK tells Node 20 on stderr that it will want 22. */
const quiet = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" };

/** Environment of a service whose DynamoDB is at `endpoint`. */
export function storageEnvironment(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    ...quiet,
  };
}

/** A DynamoDB of this process, with a service's table in it. */
export async function startDynamo(table: string, spec: TableSpec): Promise<Storage> {
  const storage = await listen(dynalite({ createTableMs: 0, updateTableMs: 0 }));
  Object.assign(process.env, quiet);
  const client = dynamoClient(storage);
  const keys = new Set([spec.hashKey, ...spec.indexes.map(({ hashKey }) => hashKey)]);
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [...keys].map((name) => ({ AttributeName: name, AttributeType: "S" })),
      KeySchema: [{ AttributeName: spec.hashKey, KeyType: "HASH" }],
      ...(spec.indexes.length > 0 && {
        GlobalSecondaryIndexes: spec.indexes.map(({ name, hashKey }) => ({
          IndexName: name,
          KeySchema: [{ AttributeName: hashKey, KeyType: "HASH" as const }],
          Projection: { ProjectionType: "ALL" as const },
        })),
      }),
    }),
  );
  client.destroy();
  return storage;
}

/** A client of a DynamoDB of this process. */
export function dynamoClient({ endpoint }: Pick<Storage, "endpoint">): DynamoDBClient {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  return new DynamoDBClient({ endpoint, region: "eu-central-1", credentials });
}

/** A stand-in for DynamoDB that answers as the listener says: slowly, wrongly or not at all. */
export function startFakeDynamo(listener: RequestListener): Promise<Storage> {
  return listen(createServer(listener));
}

async function listen(server: Server): Promise<Storage> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { endpoint: `http://127.0.0.1:${port}`, close };
}
