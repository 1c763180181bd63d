import { brotliCompressSync, gzipSync } from "node:zlib";
import type { Behaviour, Distribution } from "./distribution";
import type { OriginAnswer, SiteFiles } from "./site-files";

/** A request of a browser. */
export interface EdgeRequest {
  readonly method: string;
  /** Without its query, still encoded. */
  readonly path: string;
  readonly acceptEncoding: string;
  readonly ifNoneMatch: string | undefined;
}

/** What the browser is answered. */
export interface EdgeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

interface Cached {
  readonly answer: OriginAnswer;
  readonly storedAt: number;
  readonly freshMs: number;
}

/** Seconds that CachingOptimized keeps what says nothing itself, and bounds of what it says. */
const caching = { usual: 86_400, least: 1, most: 31_536_000 };
/** Seconds that an error is kept. */
const errorSeconds = 10;
/** Sizes that CloudFront compresses. @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html */
const compressed = { from: 1_000, to: 10_000_000 };
const compressible = /^(text\/|application\/(json|javascript|xml)|image\/svg\+xml)/;

/** An edge of CloudFront: its behaviours, origins, cache and compression. */
export class Edge {
  private readonly cache = new Map<string, Cached>();

  constructor(
    private readonly distribution: Distribution,
    private readonly files: SiteFiles,
    private readonly localised: (text: string) => string,
    private readonly now: () => number = Date.now,
  ) {}

  /** Answers a request as the distribution would. */
  async answer({ method, path, acceptEncoding, ifNoneMatch }: EdgeRequest): Promise<EdgeAnswer> {
    const behaviour = this.distribution.behaviours.find(({ pattern }) => pattern?.test(path) ?? true)!;
    if (!behaviour.methods.includes(method))
      return this.finished(behaviour, methodRefused, { ...ownError, ...stamped("Error") });
    const decision = behaviour.decide(method, path);
    if (!("path" in decision)) {
      return this.finished(behaviour, decision, { ...decision.headers, ...stamped("FunctionGeneratedResponse") });
    }
    const { answer, ageSeconds } = await this.cached(behaviour, decision.path);
    const { encoding, body } = encoded(behaviour, answer, acceptEncoding);
    const own = {
      ...(encoding === undefined ? {} : { "content-encoding": encoding }),
      ...(behaviour.compress && compressible.test(answer.headers["content-type"] ?? "")
        ? { vary: "accept-encoding" }
        : {}),
      ...(ageSeconds === undefined ? {} : { age: String(ageSeconds) }),
      // An error is called so from the cache as well.
      ...stamped(answer.status >= 400 ? "Error" : ageSeconds === undefined ? "Miss" : "Hit"),
    };
    // A compressed answer has a weak tag.
    const etag = encoding === undefined ? answer.headers["etag"] : weak(answer.headers["etag"]);
    const unchanged = etag !== undefined && ifNoneMatch?.split(",").some((tag) => weak(tag.trim()) === weak(etag));
    const headers = { ...answer.headers, ...own, ...(etag === undefined ? {} : { etag }) };
    if (answer.status === 200 && unchanged) {
      return this.finished(behaviour, { ...answer, status: 304, body: Buffer.alloc(0) }, headers);
    }
    return this.finished(behaviour, { ...answer, body }, headers);
  }

  private async cached(behaviour: Behaviour, path: string) {
    const place = `${this.distribution.behaviours.indexOf(behaviour)} ${path}`;
    const kept = this.cache.get(place);
    const age = kept && this.now() - kept.storedAt;
    if (kept !== undefined && age! < kept.freshMs) {
      return { answer: kept.answer, ageSeconds: Math.floor(age! / 1_000) };
    }
    const key = path === "/" ? (this.distribution.rootObject ?? "") : decoded(path.slice(1));
    const answer = key === undefined ? unreadable : await this.ask(behaviour, key);
    this.cache.set(place, { answer, storedAt: this.now(), freshMs: freshSeconds(answer) * 1_000 });
    return { answer, ageSeconds: undefined };
  }

  /** Asks the origins one after the other; the last one's answer stands. */
  private async ask(behaviour: Behaviour, key: string): Promise<OriginAnswer> {
    const { buckets, arn } = this.distribution;
    let answer: OriginAnswer | undefined;
    for (const origin of behaviour.origins) {
      answer = await this.files.get(buckets.get(origin)!, arn, key);
      if (!behaviour.failoverStatuses.includes(answer.status)) break;
    }
    return answer!;
  }

  private finished(
    { headers, removedHeaders }: Behaviour,
    { status, body }: Pick<OriginAnswer, "status" | "body">,
    own: Readonly<Record<string, string>>,
  ): EdgeAnswer {
    const kept = Object.entries(own).filter(([name]) => !removedHeaders.includes(name));
    const added = headers.map(([name, value]) => [name, this.localised(value)]);
    return { status, body, headers: Object.fromEntries([...kept, ...added]) };
  }
}

/** Headers of every answer, with how CloudFront came by it. */
function stamped(result: string) {
  return { "x-cache": `${result} from cloudfront`, via: "1.1 local.cloudfront.net (CloudFront)" };
}

/** Headers of an error that CloudFront answers by itself. */
const ownError = { server: "CloudFront", "content-type": "text/html" };

const methodRefused = {
  status: 403,
  body: Buffer.from("This distribution is not configured to allow the HTTP request method that was used."),
};

/** S3's answer to a path whose percent signs stand for no text; the other region's bucket is not asked for it. */
const unreadable: OriginAnswer = {
  status: 400,
  body: Buffer.from(
    '<?xml version="1.0" encoding="UTF-8"?><Error><Code>InvalidURI</Code><Message>Couldn\'t parse the specified URI.</Message></Error>',
  ),
  headers: { "content-type": "application/xml", server: "AmazonS3" },
};

/** Returns the key that an encoded path stands for, or nothing where its percent signs stand for no text. */
function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/**
 * Returns how long an answer is kept: what it says for caches that are shared, then what it says for all. What may not be
 * kept is, for the least time of the policy.
 * @see https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CachePolicyConfig.html MinTTL
 */
function freshSeconds({ status, headers }: OriginAnswer): number {
  if (status >= 400) return errorSeconds;
  const said = headers["cache-control"] ?? "";
  if (/\b(no-cache|no-store|private)\b/.test(said)) return caching.least;
  const seconds = /s-maxage=(\d+)/.exec(said)?.[1] ?? /max-age=(\d+)/.exec(said)?.[1];
  return seconds === undefined ? caching.usual : Math.min(caching.most, Math.max(caching.least, Number(seconds)));
}

function encoded({ compress }: Behaviour, { status, headers, body }: OriginAnswer, accepted: string) {
  const fits = body.length >= compressed.from && body.length <= compressed.to;
  if (!compress || status !== 200 || !fits || !compressible.test(headers["content-type"] ?? "")) {
    return { encoding: undefined, body };
  }
  if (/\bbr\b/.test(accepted)) return { encoding: "br", body: brotliCompressSync(body) };
  return /\bgzip\b/.test(accepted) ? { encoding: "gzip", body: gzipSync(body) } : { encoding: undefined, body };
}

function weak(tag: string | undefined): string | undefined {
  return tag === undefined || tag.startsWith("W/") ? tag : `W/${tag}`;
}
