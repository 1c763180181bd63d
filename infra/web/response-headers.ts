import type * as cloudfront from "@pulumi/aws/cloudfront";
import * as pulumi from "@pulumi/pulumi";

const twoYearsSeconds = 63_072_000;

/** What S3 adds to its answers and no browser needs. */
const storageHeaders = ["server", "x-amz-server-side-encryption", "x-amz-version-id", "x-amz-replication-status"];

/**
 * Returns the Content-Security-Policy of the app: its own files alone, no script or style within a page, no frame around it,
 * and requests to the API and the sign-in page alone.
 * @param connect  origins that the app sends requests to
 */
export function contentSecurityPolicy(connect: readonly pulumi.Input<string>[]): pulumi.Output<string> {
  return pulumi
    .all([...connect])
    .apply((origins) =>
      [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        `connect-src ${["'self'", ...origins].join(" ")}`,
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
      ].join("; "),
    );
}

/** Returns the headers that every answer of the distribution has. */
export function responseHeaders(connect: readonly pulumi.Input<string>[]): cloudfront.ResponseHeadersPolicyArgs {
  return {
    comment: "Security headers of the web app",
    securityHeadersConfig: {
      contentSecurityPolicy: { contentSecurityPolicy: contentSecurityPolicy(connect), override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: "DENY", override: true },
      referrerPolicy: { referrerPolicy: "no-referrer", override: true },
      strictTransportSecurity: {
        accessControlMaxAgeSec: twoYearsSeconds,
        includeSubdomains: true,
        preload: false,
        override: true,
      },
    },
    customHeadersConfig: {
      items: [
        { header: "cross-origin-opener-policy", value: "same-origin", override: true },
        { header: "cross-origin-resource-policy", value: "same-origin", override: true },
        {
          header: "permissions-policy",
          value: "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
          override: true,
        },
      ],
    },
    removeHeadersConfig: { items: storageHeaders.map((header) => ({ header })) },
  };
}
