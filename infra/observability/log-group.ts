import * as cloudwatch from "@pulumi/aws/cloudwatch";
import type { CustomResourceOptions } from "@pulumi/pulumi";

/**
 * Makes a log group that keeps its lines for a number of days. It must exist before anything writes to it: a writer
 * that finds no log group makes one that keeps its lines for ever.
 */
export function createLogGroup(
  name: string,
  args: { readonly logRetentionDays: number },
  opts: CustomResourceOptions,
): cloudwatch.LogGroup {
  return new cloudwatch.LogGroup(name, { retentionInDays: args.logRetentionDays }, opts);
}
