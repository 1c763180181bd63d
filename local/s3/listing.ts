import type { StoredObject } from "./object-store";
import { escapeXml, S3Error } from "./s3-error";

/** Most keys of one page. */
const pageKeys = 1_000;

/**
 * Returns the answer of ListObjectsV2: a page of the keys, in the order of their UTF-8 bytes.
 * @throws {S3Error} 400 InvalidArgument
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export function listing(
  bucket: string,
  objects: ReadonlyMap<string, StoredObject>,
  parameters: URLSearchParams,
): string {
  const prefix = parameters.get("prefix") ?? "";
  const after = tokenKey(parameters.get("continuation-token")) ?? parameters.get("start-after") ?? "";
  const most = Number(parameters.get("max-keys") ?? pageKeys);
  if (!Number.isInteger(most) || most < 0) {
    throw new S3Error(400, "InvalidArgument", "Argument maxKeys must be an integer between 0 and 2147483647");
  }
  const written = parameters.get("encoding-type") === "url" ? encodeURIComponent : escapeXml;
  const matching = [...objects]
    .filter(([key]) => key.startsWith(prefix) && byBytes(key, after) > 0)
    .sort(([a], [b]) => byBytes(a, b));
  const page = matching.slice(0, Math.min(most, pageKeys));
  const truncated = page.length > 0 && page.length < matching.length;
  const contents = page.map(
    ([key, { bytes, etag, modified }]) =>
      `<Contents><Key>${written(key)}</Key><LastModified>${modified.toISOString()}</LastModified><ETag>${escapeXml(etag)}</ETag><Size>${bytes}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
  );
  const next = truncated ? `<NextContinuationToken>${tokenOf(page.at(-1)![0])}</NextContinuationToken>` : "";
  return [
    '<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">',
    `<Name>${bucket}</Name><Prefix>${written(prefix)}</Prefix><MaxKeys>${most}</MaxKeys>`,
    `<KeyCount>${page.length}</KeyCount><IsTruncated>${truncated}</IsTruncated>${next}`,
    ...contents,
    "</ListBucketResult>",
  ].join("");
}

/** A token is the last key of the page before; S3's are opaque. */
function tokenOf(key: string): string {
  return Buffer.from(key).toString("base64url");
}

function tokenKey(token: string | null): string | undefined {
  return token === null ? undefined : Buffer.from(token, "base64url").toString();
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
