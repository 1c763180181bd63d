import type { Bucket } from "./bucket";
import type { Answer } from "./protocol";
import { escapeText, etag, xml } from "./rendering";

/** ListObjectsV2: a page of objects and of folders. */
export function list(bucket: Bucket, { searchParams }: URL): Answer {
  const [prefix, delimiter, after] = ["prefix", "delimiter", "continuation-token"].map(
    (name) => searchParams.get(name) ?? "",
  ) as [string, string, string];
  const max = Number(searchParams.get("max-keys") ?? 1000);
  const entries = new Map<string, string>();
  for (const [key, body] of bucket.objects()) {
    if (!key.startsWith(prefix)) continue;
    const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    const entry = end < 0 ? key : key.slice(0, end + delimiter.length);
    if (entry > after) entries.set(entry, end < 0 ? object(bucket, key, body) : folder(entry));
  }
  const page = [...entries].slice(0, max);
  const more = page.length < entries.size;
  const token = more ? `<NextContinuationToken>${escapeText(page.at(-1)![0])}</NextContinuationToken>` : "";
  const content = page.map(([, text]) => text).join("");
  return { status: 200, body: xml("ListBucketResult", `<IsTruncated>${more}</IsTruncated>${token}${content}`) };
}

function object(bucket: Bucket, key: string, body: Buffer): string {
  const at = bucket.get(key)!.at.toISOString();
  return `<Contents><Key>${escapeText(key)}</Key><LastModified>${at}</LastModified><ETag>${etag(body)}</ETag><Size>${body.length}</Size></Contents>`;
}

function folder(prefix: string): string {
  return `<CommonPrefixes><Prefix>${escapeText(prefix)}</Prefix></CommonPrefixes>`;
}
