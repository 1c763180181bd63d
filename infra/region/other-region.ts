import type { Region } from "@pulumi/aws";
import * as aws from "@pulumi/aws/provider";

/** Region of what belongs to CloudFront and is not global: its certificates, metrics, logs and firewalls. */
export const CLOUDFRONT_REGION = "us-east-1";

/**
 * Makes a provider of another region than that of the stack's cell. It is below the stack, as `pulumi state move` copies a
 * provider to another stack without what is above it.
 * @param name  name of what uses it
 */
export function createProvider(name: string, region: string): aws.Provider {
  return new aws.Provider(`${name}-aws`, { region: region as Region });
}
