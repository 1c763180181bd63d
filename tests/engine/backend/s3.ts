import { Bucket, type Version } from "./bucket";
import { list } from "./listing";
import { type Answer, type Ask, notBuilt, Refusal } from "./protocol";
import { checksum, escapeText, etag, xml } from "./rendering";

/** Of the parameters that change what S3 does, those seen from the command line. */
const KNOWN = [
  ...["x-amz-date", "x-amz-content-sha256", "x-amz-copy-source"],
  ...["x-amz-checksum-crc32", "x-amz-checksum-mode", "x-amz-sdk-checksum-algorithm"],
  ...["x-id", "list-type", "prefix", "delimiter", "max-keys", "continuation-token"],
];

/**
 * S3 as far as Pulumi keeps state in it: objects of at most 16 MiB, where the command line begins to upload in parts.
 * Without TLS, its checksums come in headers instead of trailers.
 */
export class S3 {
  private readonly buckets = new Map<string, Bucket>();

  addBucket(name: string, region: string): Bucket {
    const bucket = new Bucket(name, region);
    this.buckets.set(name, bucket);
    return bucket;
  }

  async answer(ask: Ask): Promise<Answer> {
    try {
      return await this.operate(ask);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const body = xml("Error", `<Code>${error.code}</Code><Message>${escapeText(error.message)}</Message>`);
      return { status: error.status, headers: { "content-type": "application/xml" }, body };
    }
  }

  private async operate(ask: Ask): Promise<Answer> {
    const { method, url, headers } = ask;
    const [name, ...rest] = url.pathname.slice(1).split("/").map(decodeURIComponent);
    const [bucket, key] = [this.find(name!, ask.region), rest.join("/")];
    const strange = strangeIn(ask);
    if (strange !== undefined) throw notBuilt(`S3 parameter "${strange}"`);
    if (key === "" && method === "GET" && url.searchParams.get("list-type") === "2") return list(bucket, url);
    const copySource = headers["x-amz-copy-source"];
    switch (key === "" ? "" : `${method}${copySource ? " copy" : ""}`) {
      case "GET":
      case "HEAD":
        return read(bucket, key);
      case "PUT":
        await bucket.beforePut(key);
        return write(bucket, key, ask);
      case "PUT copy":
        return this.copy(bucket, key, decodeURIComponent(String(copySource)));
      case "DELETE":
        return { status: 204, headers: { "x-amz-version-id": bucket.delete(key).id } };
      default:
        throw notBuilt(`S3 operation ${method} ${url.pathname}`);
    }
  }

  private find(name: string, region: string): Bucket {
    const bucket = this.buckets.get(name);
    if (!bucket) throw new Refusal(404, "NoSuchBucket", `The specified bucket does not exist: ${name}`);
    if (bucket.region === region) return bucket;
    throw new Refusal(301, "PermanentRedirect", `The bucket ${name} is in ${bucket.region}, not in ${region}`);
  }

  private copy(bucket: Bucket, key: string, source: string): Answer {
    const [name, ...rest] = source.replace(/^\//, "").split("/");
    const copied = bucket.put(key, present(this.find(name!, bucket.region), rest.join("/")).body);
    const result = `<ETag>${etag(copied.body!)}</ETag><LastModified>${copied.at.toISOString()}</LastModified>`;
    return { status: 200, headers: { "x-amz-version-id": copied.id }, body: xml("CopyObjectResult", result) };
  }
}

/** What would be ignored in silence. */
function strangeIn({ url, headers }: Ask): string | undefined {
  const own = Object.keys(headers).filter((header) => /^(x-amz-|if-|range$|content-encoding$)/.test(header));
  return [...own, ...url.searchParams.keys()].find((name) => !KNOWN.includes(name));
}

function present(bucket: Bucket, key: string): Version & { readonly body: Buffer } {
  const version = bucket.get(key);
  if (version) return version;
  throw new Refusal(404, "NoSuchKey", `The specified key does not exist: ${key}`);
}

function read(bucket: Bucket, key: string): Answer {
  const { id, at, body } = present(bucket, key);
  const headers = {
    etag: etag(body),
    "last-modified": at.toUTCString(),
    "x-amz-version-id": id,
    "x-amz-checksum-crc32": checksum(body),
  };
  return { status: 200, headers, body };
}

/**
 * As a bucket with Object Lock takes it: with a checksum, and what it is the checksum of.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
function write(bucket: Bucket, key: string, { headers, body }: Ask): Answer {
  const sent = headers["x-amz-checksum-crc32"];
  if (sent === undefined) {
    throw new Refusal(
      400,
      "InvalidRequest",
      "A checksum is required for Put Object requests with Object Lock parameters",
    );
  }
  if (sent !== checksum(body)) throw new Refusal(400, "BadDigest", "The CRC32 you specified did not match");
  const { id } = bucket.put(key, body);
  return { status: 200, headers: { etag: etag(body), "x-amz-version-id": id } };
}
