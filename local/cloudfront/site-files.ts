import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { GraphIndex, PlannedResource } from "../../graph/model";
import type { Access } from "../iam/access";
import { AccessDenied } from "../iam/access";
import { type Policy, readPolicy } from "../iam/policy";
import { unsupported } from "../unsupported";

/** What an origin answers. */
export interface OriginAnswer {
  readonly status: number;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** Options of `SiteFiles`. */
export interface SiteFilesOptions {
  readonly access: Access;
  /** Folder that the planned paths of files start from. */
  readonly root: string;
  readonly account: string;
  /** Replaces planned addresses in text that the deployment makes. */
  readonly localised: (text: string) => string;
}

/** The objects that the plan puts into buckets, as an origin of CloudFront answers them. */
export class SiteFiles {
  private readonly policies: ReadonlyMap<string, Policy>;

  constructor(
    private readonly index: GraphIndex,
    private readonly options: SiteFilesOptions,
  ) {
    const policies = index.ofType("aws:s3/bucketPolicy:BucketPolicy");
    this.policies = new Map(
      policies.map(({ outputs }) => [outputs["bucket"], readPolicy(documentOf(outputs["policy"]), "resource")]),
    );
  }

  /**
   * Asks a bucket for an object, as a distribution that signs its requests.
   * @returns 403 where its policy does not let the distribution in, and for a key that is missing: it may not list keys
   */
  async get(bucket: PlannedResource, distributionArn: string, key: string): Promise<OriginAnswer> {
    const object = this.mayRead(bucket, distributionArn, key) ? this.find(bucket, key) : undefined;
    if (object === undefined) return refused;
    const { contentType = "binary/octet-stream", cacheControl } = object.outputs;
    const body = await this.bytesOf(object);
    return {
      status: 200,
      body,
      headers: {
        "content-type": contentType,
        ...(cacheControl === undefined ? {} : { "cache-control": cacheControl }),
        etag: `"${createHash("md5").update(body).digest("hex")}"`,
        server: "AmazonS3",
        "x-amz-server-side-encryption": object.outputs["serverSideEncryption"] ?? "AES256",
      },
    };
  }

  private mayRead({ outputs, region = "" }: PlannedResource, distributionArn: string, key: string): boolean {
    const { access, account } = this.options;
    const by = { caller: { kind: "service", service: "cloudfront.amazonaws.com" }, identity: [] } as const;
    const ask = {
      action: "s3:GetObject",
      resource: `${outputs["arn"]}/${key}`,
      context: { "aws:SourceArn": distributionArn, "aws:SourceAccount": account },
      policy: this.policies.get(outputs["bucket"]),
    };
    try {
      access.decide(by, "s3", { region, account }, [ask]);
      return true;
    } catch (error) {
      if (error instanceof AccessDenied) return false;
      throw error;
    }
  }

  private find({ outputs }: PlannedResource, key: string): PlannedResource | undefined {
    return this.index.where("aws:s3/bucketObjectv2:BucketObjectv2", { bucket: outputs["bucket"], key })[0];
  }

  private async bytesOf(object: PlannedResource): Promise<Buffer> {
    const { content, source } = object.outputs;
    if (typeof content === "string") return Buffer.from(this.options.localised(content));
    const path = source?.asset ?? unsupported(object, "source", "a file", source);
    return readFile(join(this.options.root, path));
  }
}

const refused: OriginAnswer = {
  status: 403,
  body: Buffer.from(
    '<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
  ),
  headers: { "content-type": "application/xml", server: "AmazonS3" },
};

function documentOf(policy: unknown): unknown {
  return typeof policy === "string" ? JSON.parse(policy) : policy;
}
