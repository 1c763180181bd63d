import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { GraphIndex } from "../../graph/model";
import type { Access } from "../iam/access";
import { callerName } from "../iam/denial";
import { isLoopbackHost } from "../ports/hosts";
import { LoopbackServer } from "../ports/loopback-server";
import { BucketAccess, type BucketRequest } from "./bucket-access";
import { listing } from "./listing";
import type { ObjectChange } from "./notifications";
import { errorXml, S3Error } from "./s3-error";

/** An object, whose bytes are in a file. */
export interface StoredObject {
  readonly file: string;
  readonly bytes: number;
  readonly etag: string;
  readonly contentType: string;
  readonly modified: Date;
}

interface Bucket {
  readonly region: string;
  /** By key. */
  readonly objects: Map<string, StoredObject>;
}

/** Largest object that is taken. S3 takes 5 GB in one request; the services' documents are far smaller. */
const maxObjectBytes = 8 * 1_024 * 1_024;

/** Query parameters that do not change what a request does: the SDK adds `x-id` to tell operations apart in logs. */
const harmless = new Set(["x-id"]);
const listParameters = ["list-type", "prefix", "max-keys", "continuation-token", "start-after", "encoding-type"];
/** Headers that ask for something that is not done here, so that a request with them is refused. */
const refusedHeaders = ["range", "if-match", "if-none-match", "x-amz-copy-source", "x-amz-object-lock-mode"];

/**
 * The planned buckets for the AWS SDK, addressed by path: PutObject, GetObject, HeadObject, DeleteObject and ListObjectsV2.
 * Anything else is answered 501 NotImplemented. The bucket and the signature of a request must be of one region. Old versions are not kept and nothing expires, as a run is short.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 */
export class ObjectStore {
  private readonly server = new LoopbackServer(createServer((req, res) => void this.handle(req, res)));
  /** Gets every change of an object. */
  changed: (change: ObjectChange) => void = () => {};
  private readonly buckets = new Map<string, Bucket>();
  private access!: BucketAccess;
  private files = 0;

  /**
   * @param folder  where the objects' bytes are kept; made when the first object is stored
   * @param log  gets a line for each request that is not done here, with its caller
   */
  constructor(
    private readonly folder: () => string,
    private readonly log: (line: string) => void = () => {},
  ) {}

  get url(): string {
    return this.server.url;
  }

  /** Starts the server, without buckets. */
  open(): Promise<void> {
    return this.server.start();
  }

  /** Makes the planned buckets, empty. @param access  decides who may call */
  createBuckets(index: GraphIndex, access: Access): void {
    this.access = new BucketAccess(index, access);
    for (const { outputs, region } of index.ofType("aws:s3/bucket:Bucket")) {
      this.buckets.set(outputs["bucket"], { region: region!, objects: new Map() });
    }
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  private async handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    try {
      if (!isLoopbackHost(req.headers.host ?? "")) throw new S3Error(403, "AccessDenied", "Access Denied");
      await this.answer(req, res);
    } catch (error) {
      const known = error instanceof S3Error ? error : new S3Error(500, "InternalError", "We encountered an error");
      res.writeHead(known.status, { "content-type": "application/xml" });
      res.end(req.method === "HEAD" ? undefined : errorXml(known));
    }
  }

  private async answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(req.url ?? "/", "http://s3");
    const [, bucketName = "", encodedKey = ""] = /^\/([^/]*)\/?(.*)$/s.exec(pathname) ?? [];
    const key = decodeKey(encodedKey);
    const body = await bytesOf(req);
    const request = { req, body, bucket: bucketName, key, query: searchParams };
    const { caller, region } = this.access.check(request);
    const bucket = this.bucketFor(region, bucketName);
    try {
      await this.serve(request, res, bucket);
    } catch (error) {
      if (error instanceof S3Error && error.code === "NotImplemented") {
        this.log(`${callerName(caller)} called s3 ${req.method} ${req.url}, which is not done here`);
      }
      throw error;
    }
  }

  private async serve(request: BucketRequest, res: ServerResponse, bucket: Bucket): Promise<void> {
    const { req, key, query: searchParams } = request;
    const extra = [...searchParams.keys()].filter((name) => !harmless.has(name));
    if (key === "") {
      if (req.method !== "GET" || searchParams.get("list-type") !== "2") throw notImplemented();
      if (extra.some((name) => !listParameters.includes(name))) throw notImplemented();
      res
        .writeHead(200, { "content-type": "application/xml" })
        .end(listing(request.bucket, bucket.objects, searchParams));
      return;
    }
    if (extra.length > 0 || refusedHeaders.some((name) => req.headers[name] !== undefined)) throw notImplemented();
    switch (req.method) {
      case "PUT":
        return this.put(request, res, bucket);
      case "GET":
      case "HEAD":
        return this.get(request, res, bucket);
      case "DELETE":
        await this.discard(bucket, key);
        res.writeHead(204).end();
        this.changed({ bucket: request.bucket, region: bucket.region, key, name: "ObjectRemoved:Delete" });
        return;
      default:
        throw notImplemented();
    }
  }

  private bucketFor(region: string, name: string): Bucket {
    const bucket = this.buckets.get(name);
    if (bucket === undefined) throw new S3Error(404, "NoSuchBucket", "The specified bucket does not exist");
    if (bucket.region === region) return bucket;
    throw new S3Error(
      400,
      "AuthorizationHeaderMalformed",
      `The authorization header is malformed; the region '${region}' is wrong; expecting '${bucket.region}'`,
    );
  }

  private async put(
    { req, body: bytes, key, bucket: name }: BucketRequest,
    res: ServerResponse,
    bucket: Bucket,
  ): Promise<void> {
    // Chunks with signatures or trailers between the bytes; the SDK sends bodies of known length whole.
    if (/aws-chunked/.test(String(req.headers["content-encoding"] ?? ""))) throw notImplemented();
    const declared = req.headers["x-amz-checksum-crc32"];
    if (declared !== undefined && declared !== checksum(bytes)) {
      throw new S3Error(400, "BadDigest", "The CRC32 you specified did not match the calculated checksum.");
    }
    const folder = this.folder();
    await mkdir(folder, { recursive: true });
    const file = join(folder, `${++this.files}`);
    await writeFile(file, bytes);
    const etag = `"${createHash("md5").update(bytes).digest("hex")}"`;
    const contentType = req.headers["content-type"] ?? "binary/octet-stream";
    const replaced = bucket.objects.get(key);
    bucket.objects.set(key, { file, bytes: bytes.length, etag, contentType, modified: new Date() });
    if (replaced !== undefined) await rm(replaced.file, { force: true });
    const versionId = randomUUID();
    res.writeHead(200, { etag, "x-amz-version-id": versionId }).end();
    const stored = { bytes: bytes.length, etag, versionId };
    this.changed({ bucket: name, region: bucket.region, key, name: "ObjectCreated:Put", stored });
  }

  private async get(request: BucketRequest, res: ServerResponse, bucket: Bucket): Promise<void> {
    const { req, key } = request;
    const found = bucket.objects.get(key);
    if (found === undefined && !this.access.mayList(request)) throw new S3Error(403, "AccessDenied", "Access Denied");
    if (found === undefined) throw new S3Error(404, "NoSuchKey", "The specified key does not exist.");
    const bytes = await readFile(found.file);
    res.writeHead(200, {
      "content-type": found.contentType,
      "content-length": found.bytes,
      etag: found.etag,
      "last-modified": found.modified.toUTCString(),
    });
    res.end(req.method === "HEAD" ? undefined : bytes);
  }

  private async discard({ objects }: Bucket, key: string): Promise<void> {
    const found = objects.get(key);
    objects.delete(key);
    if (found !== undefined) await rm(found.file, { force: true });
  }
}

function notImplemented(): S3Error {
  return new S3Error(501, "NotImplemented", "This is not done on the local platform");
}

function decodeKey(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw new S3Error(400, "InvalidURI", "Couldn't parse the specified URI.");
  }
}

/** Returns the CRC32 of bytes as S3 writes it: big-endian, in base64. */
function checksum(bytes: Buffer): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum.toString("base64");
}

async function bytesOf(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of req) {
    total += chunk.length;
    if (total > maxObjectBytes) throw new S3Error(400, "EntityTooLarge", "Your proposed upload is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
