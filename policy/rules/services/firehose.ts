import { requireTrue } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import { block, isTrue, text } from "../../stack/read";
import type { Resource } from "../../stack/resource";

const stream = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";

/** The property with the settings of each destination that writes to S3 by itself. */
const destinations: Readonly<Record<string, string>> = {
  elasticsearch: "elasticsearchConfiguration",
  extended_s3: "extendedS3Configuration",
  http_endpoint: "httpEndpointConfiguration",
  iceberg: "icebergConfiguration",
  opensearch: "opensearchConfiguration",
  opensearchserverless: "opensearchserverlessConfiguration",
  redshift: "redshiftConfiguration",
  snowflake: "snowflakeConfiguration",
  splunk: "splunkConfiguration",
};

/** Rules for Data Firehose. */
export const firehoseRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "firehose-encrypted",
    types: [stream],
    description: "A delivery stream is encrypted.",
    rationale: "Firehose keeps records on disk for a day when it cannot deliver them.",
    fix: "set serverSideEncryption.enabled to true",
    severity: "medium",
    level: "production",
    lowUnless: ["audited"],
    ids: { securityHub: ["DataFirehose.1"], cdkNag: ["AwsSolutions-KDF1"], checkov: ["CKV_AWS_240", "CKV_AWS_241"] },
    check(delivery, context) {
      // With a Kinesis stream or a topic of MSK as its source, the source encrypts the records.
      const { kinesisSourceConfiguration, mskSourceConfiguration } = delivery.props;
      if (kinesisSourceConfiguration !== undefined || mskSourceConfiguration !== undefined) return;
      requireTrue(delivery, context, "serverSideEncryption.enabled", "be encrypted");
    },
  },
  {
    scope: "stack",
    name: "firehose-error-logs",
    types: [stream],
    description: "A delivery stream logs why it cannot deliver records.",
    rationale: "Records that the destination refuses otherwise go missing without a reason.",
    fix: "set cloudwatchLoggingOptions with enabled true, logGroupName and logStreamName in the destination's configuration",
    severity: "medium",
    level: "production",
    lowUnless: ["operated"],
    ids: {},
    url: "https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html",
    check(delivery, { report }) {
      const settings = destinationOf(delivery);
      if (settings !== undefined && !isTrue(block(settings["cloudwatchLoggingOptions"])["enabled"]))
        report(delivery, "must log delivery errors, got no cloudwatchLoggingOptions.enabled");
    },
  },
  {
    scope: "stack",
    name: "firehose-failed-records",
    types: [stream],
    description: "A delivery stream whose records are transformed keeps the records that fail, apart from the others.",
    rationale: "Records that the function cannot transform otherwise lie between the good ones, or are lost.",
    fix: "set errorOutputPrefix, or s3BackupMode Enabled with s3BackupConfiguration, in the destination's configuration",
    severity: "medium",
    level: "production",
    lowUnless: ["operated"],
    ids: {},
    url: "https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-failure-handling.html",
    check(delivery, { report }) {
      const settings = destinationOf(delivery);
      if (settings === undefined || !["extended_s3", "redshift"].includes(text(delivery.props["destination"]))) return;
      const transformed =
        isTrue(block(settings["processingConfiguration"])["enabled"]) ||
        isTrue(block(settings["dynamicPartitioningConfiguration"])["enabled"]);
      const prefix =
        text(settings["errorOutputPrefix"]) || text(block(settings["s3Configuration"])["errorOutputPrefix"]);
      if (transformed && prefix === "" && settings["s3BackupMode"] !== "Enabled")
        report(delivery, "must keep records that fail apart from the others, got no errorOutputPrefix");
    },
  },
];

function destinationOf({ props }: Resource): Record<string, any> | undefined {
  const property = destinations[text(props["destination"])];
  return property === undefined || props[property] === undefined ? undefined : block(props[property]);
}
