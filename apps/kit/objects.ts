import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { App, AppDependencies, AppFactory } from "./app";
import { HttpError } from "./errors";
import type { Item } from "./repository";
import { bucketSetting, type EnvironmentVariables } from "./settings";
import { traced } from "./traced-client";

/** Most keys that `ObjectStore.keys` returns: one page of S3. */
export const maxKeys = 1_000;

/** JSON documents in the service's bucket of this region. It fails with an `HttpError`: 503 `storage_unavailable`. */
export interface ObjectStore {
  /** Reads a document, strongly consistent. */
  get(key: string): Promise<unknown>;
  /** Stores a document, or replaces the one with this key. It may be repeated. */
  put(key: string, document: object): Promise<void>;
  /** Deletes a document; nothing happens when there is none. */
  delete(key: string): Promise<void>;
  /** Lists the keys that begin with a prefix: the first 1,000 in the order of their bytes. */
  keys(prefix: string): Promise<string[]>;
}

/** What the app of a service with a bucket is given by its adapter. */
export interface BucketDependencies<T extends Item> extends AppDependencies<T> {
  readonly objects: ObjectStore;
}

/**
 * Gives the app of a service the bucket that the environment variable BUCKET names. Only services that call this contain
 * the client of S3.
 * @param service  name of the service in its contract
 * @throws {Error} one sentence when BUCKET is missing, as soon as the adapter makes the app
 * @example serve(petStore.name, withBucket(petStore.name, createApp));
 */
export function withBucket<T extends Item>(
  service: string,
  createApp: (dependencies: BucketDependencies<T>) => App,
  env: EnvironmentVariables = process.env,
): AppFactory<T> {
  return (dependencies) => createApp({ ...dependencies, objects: bucketObjects(bucketSetting(service, env)) });
}

/**
 * Makes the store of documents in a bucket. Region, credentials and endpoint come from the AWS SDK's own environment
 * variables; with AWS_ENDPOINT_URL_S3 the same code uses a bucket on this machine.
 * @param bucket  name of the bucket
 */
export function bucketObjects(bucket: string, client = s3Client()): ObjectStore {
  return {
    get: (key) =>
      withStorageErrors(async () => {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return JSON.parse((await Body?.transformToString()) ?? "") as unknown;
      }).catch((error) => {
        if (error instanceof HttpError && error.cause instanceof NoSuchKey) return undefined;
        throw error;
      }),
    put: (key, document) =>
      withStorageErrors(async () => {
        const Body = JSON.stringify(document);
        await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body, ContentType: "application/json" }));
      }),
    delete: (key) =>
      withStorageErrors(async () => {
        await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
      }),
    keys: (prefix) =>
      withStorageErrors(async () => {
        const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: maxKeys });
        const { Contents = [] } = await client.send(command);
        return Contents.map(({ Key }) => Key!);
      }),
  };
}

/** Makes a client with the time limits of the table's: two attempts end within a request's 10 s. */
function s3Client(): S3Client {
  const client = new S3Client({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
  });
  return traced(client, { "rpc.system": "aws-api", "rpc.service": "S3" }, ["aws.s3.bucket", "Bucket"]);
}

async function withStorageErrors<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    throw new HttpError(503, "storage_unavailable", "The storage did not answer; try again", error);
  }
}
