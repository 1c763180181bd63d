import type { IncomingMessage } from "node:http";
import type { GraphIndex } from "../../graph/model";
import { type Access, AccessDenied, type AllowedCall, type Ask } from "../iam/access";
import { type Policy, readPolicy } from "../iam/policy";
import { SignatureError } from "../iam/sigv4/signature-error";
import { S3Error } from "./s3-error";

/** A request to a bucket as its permissions see it. */
export interface BucketRequest {
  readonly req: IncomingMessage;
  readonly body: Buffer;
  readonly bucket: string;
  /** Empty for a request to the bucket itself. */
  readonly key: string;
  readonly query: URLSearchParams;
}

const actions: Readonly<Record<string, string>> = {
  GET: "s3:GetObject",
  HEAD: "s3:GetObject",
  PUT: "s3:PutObject",
  DELETE: "s3:DeleteObject",
};

/** Decides on requests to the planned buckets, by the policies of the caller and of the bucket. */
export class BucketAccess {
  private readonly policies: ReadonlyMap<string, Policy>;

  constructor(
    index: GraphIndex,
    private readonly access: Access,
  ) {
    this.policies = new Map(
      index
        .ofType("aws:s3/bucketPolicy:BucketPolicy")
        .map(({ outputs }) => [outputs["bucket"], readPolicy(documentOf(outputs["policy"]), "resource")]),
    );
  }

  /**
   * @returns who asks, and the region that the request is signed for
   * @throws {S3Error} on a signature that is refused, and on what is not allowed
   */
  check(request: BucketRequest): AllowedCall {
    const { req, key } = request;
    const action = key === "" ? "s3:ListBucket" : (actions[req.method ?? ""] ?? "s3:GetObject");
    try {
      return this.ask(request, action);
    } catch (error) {
      if (error instanceof SignatureError) throw new S3Error(statusOf(error), error.nameIn("s3"), error.message);
      if (error instanceof AccessDenied) throw new S3Error(403, "AccessDenied", error.message);
      throw error;
    }
  }

  /** Tells whether the caller may see which keys exist; who may not is answered 403 for a key that does not. */
  mayList(request: BucketRequest): boolean {
    try {
      this.ask({ ...request, key: "" }, "s3:ListBucket");
      return true;
    } catch {
      return false;
    }
  }

  private ask({ req, body, bucket, key, query }: BucketRequest, action: string): AllowedCall {
    const { method = "", url = "", rawHeaders } = req;
    const arn = `arn:aws:s3:::${bucket}`;
    const ask: Ask = {
      action,
      resource: key === "" ? arn : `${arn}/${key}`,
      policy: this.policies.get(bucket),
      context: { "s3:TlsVersion": "1.3", "s3:prefix": query.get("prefix") ?? undefined },
    };
    return this.access.check({ method, url, rawHeaders, body }, "s3", () => [ask]);
  }
}

function statusOf(error: SignatureError): number {
  return error.nameIn("s3") === "AuthorizationHeaderMalformed" ? 400 : 403;
}

function documentOf(policy: unknown): unknown {
  return typeof policy === "string" ? JSON.parse(policy) : policy;
}
