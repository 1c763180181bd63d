import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import type { ReferenceSettings } from "./settings";

/** A file as clients get it. */
export interface PublishedFile {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** Returns the body, compressed on first use. */
  gzipped(): Buffer;
}

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
};

/**
 * What the page may load: its own script, style and document, and pictures within the style. Requests that a reader tries
 * go to the gateway that the page is from.
 * The library sets styles of elements by script and in the markup, so that they cannot be listed by their hashes.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/**
 * Reads the files below a folder: `docs/` is the page, `http/` and `rest/` are the documents of each gateway.
 * @returns the files by their path in the folder
 */
export function readPublishedFiles(
  directory: string,
  { publishedAt }: Pick<ReferenceSettings, "publishedAt">,
): ReadonlyMap<string, PublishedFile> {
  const paths = ["docs", "http", "rest"].flatMap((folder) => filesBelow(directory, folder));
  return new Map(
    paths.map((path) => {
      const content = readFileSync(join(directory, path));
      const isDocument = extname(path) === ".json";
      return [path, published(path, isDocument ? Buffer.from(moved(content.toString(), publishedAt)) : content)];
    }),
  );
}

/** Returns a document in which each URL, up to its path, is the other one that is given for it. */
function moved(document: string, urls: ReferenceSettings["publishedAt"]): string {
  return document.replace(/https:\/\/[a-z0-9.-]+/g, (url) => urls[url] ?? url);
}

function filesBelow(directory: string, folder: string): string[] {
  let entries: string[];
  try {
    entries = readdirSync(join(directory, folder), { recursive: true }) as string[];
  } catch (error) {
    // A deployment without a REST API has none of its documents.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return entries.filter((entry) => extname(entry) !== "").map((entry) => `${folder}/${entry}`);
}

function published(path: string, body: Buffer): PublishedFile {
  const type = extname(path);
  let compressed: Buffer | undefined;
  return {
    body,
    headers: {
      "content-type": types[type]!,
      "cache-control": cacheControl(type),
      // Weak, as the bytes differ by their compression.
      etag: `W/"${createHash("sha256").update(body).digest("hex").slice(0, 32)}"`,
      vary: "Accept-Encoding, Origin",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      ...(type === ".html" ? { "content-security-policy": contentSecurityPolicy } : {}),
    },
    gzipped: () => {
      compressed ??= gzipSync(body);
      return compressed;
    },
  };
}

/** Names of scripts and styles have the hash of what is in them; the page and the documents may change at any time. */
function cacheControl(type: string): string {
  return type === ".js" || type === ".css" ? "public, max-age=31536000, immutable" : "public, max-age=60";
}
