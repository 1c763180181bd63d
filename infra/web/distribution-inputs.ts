import type * as cloudfront from "@pulumi/aws/cloudfront";
import type * as pulumi from "@pulumi/pulumi";

/** Ids of the buckets: the primary region's, and the other one's. */
export const originIds = ["primary", "standby"] as const;
type OriginId = (typeof originIds)[number];

/** A bucket that the distribution reads. */
export interface SiteOrigin {
  readonly id: OriginId;
  readonly domainName: pulumi.Input<string>;
}

/** What a distribution is made of. */
export interface DistributionParts {
  /** What it is for, for people. */
  readonly comment: string;
  readonly domainName: string;
  readonly certificateArn: pulumi.Input<string>;
  /** The primary region's first. */
  readonly origins: readonly SiteOrigin[];
  readonly originAccessControlId: pulumi.Input<string>;
  readonly responseHeadersPolicyId: pulumi.Input<string>;
  /** Leads pages to the app's one file. */
  readonly pagesFunctionArn: pulumi.Input<string>;
  /** Of a web ACL of scope CLOUDFRONT. @default none */
  readonly webAclArn?: pulumi.Input<string>;
}

/**
 * AWS's policy CachingOptimized: keyed by the path alone, as long as the object's Cache-Control says, compressed with
 * gzip and Brotli. Its id is the same in every account.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
 */
const cachingOptimized = "658327ea-f89d-4fab-a63d-7e88639e58f6";

/** Id of the group of both origins. */
const bothRegions = "both-regions";

/**
 * Answers on which the other region's bucket is asked. S3 answers 403 and not 404 for a key that is missing, as CloudFront
 * may not list the bucket.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html
 */
const failoverStatuses = [403, 404, 500, 502, 503, 504];

/**
 * Returns the inputs of the app's distribution: TLS 1.2 at least, one origin per region with failover, and the function on
 * the behaviour of pages alone.
 */
export function distributionInputs(parts: DistributionParts): cloudfront.DistributionArgs {
  const { comment, domainName, certificateArn, origins, originAccessControlId } = parts;
  const target = origins.length > 1 ? bothRegions : origins[0]!.id;
  const behaviour = {
    targetOriginId: target,
    viewerProtocolPolicy: "redirect-to-https",
    allowedMethods: ["GET", "HEAD"],
    cachedMethods: ["GET", "HEAD"],
    cachePolicyId: cachingOptimized,
    responseHeadersPolicyId: parts.responseHeadersPolicyId,
    compress: true,
  };
  return {
    comment,
    enabled: true,
    aliases: [domainName],
    httpVersion: "http2and3",
    isIpv6Enabled: true,
    defaultRootObject: "index.html",
    origins: origins.map(({ id, domainName: bucket }) => ({
      originId: id,
      domainName: bucket,
      originAccessControlId,
      // The defaults wait for half a minute before the other region is asked.
      connectionAttempts: 1,
      connectionTimeout: 2,
    })),
    ...(origins.length > 1
      ? {
          originGroups: [
            {
              originId: bothRegions,
              failoverCriteria: { statusCodes: failoverStatuses },
              members: origins.map(({ id }) => ({ originId: id })),
            },
          ],
        }
      : {}),
    defaultCacheBehavior: {
      ...behaviour,
      functionAssociations: [{ eventType: "viewer-request", functionArn: parts.pagesFunctionArn }],
    },
    orderedCacheBehaviors: ["/assets/*", "/config.json"].map((pathPattern) => ({ pathPattern, ...behaviour })),
    viewerCertificate: {
      acmCertificateArn: certificateArn,
      minimumProtocolVersion: "TLSv1.2_2021",
      sslSupportMethod: "sni-only",
    },
    ...(parts.webAclArn === undefined ? {} : { webAclId: parts.webAclArn }),
    restrictions: { geoRestriction: { restrictionType: "none" } },
  };
}
