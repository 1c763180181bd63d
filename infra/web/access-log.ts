import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import { createLogGroup } from "../observability/log-group";

/** Arguments of `AccessLog`. */
export interface AccessLogArgs {
  readonly distributionArn: pulumi.Input<string>;
  readonly logRetentionDays: number;
}

/** What is recorded of a request. Not its query, which has the code of a sign-in, nor referrer and cookies. */
const recordFields = [
  ...["date", "time", "x-edge-location", "sc-bytes", "c-ip", "cs-method", "cs(Host)", "cs-uri-stem", "sc-status"],
  ...["cs(User-Agent)", "x-edge-result-type", "x-edge-request-id", "x-host-header", "cs-protocol", "time-taken"],
  ...["ssl-protocol", "x-edge-response-result-type", "cs-protocol-version", "time-to-first-byte"],
  ...["x-edge-detailed-result-type", "sc-content-type", "sc-content-len"],
];

/**
 * The log of the distribution's requests (standard logging v2). Everything of it is in us-east-1, where CloudFront's logs
 * are delivered from; its provider must be of that region.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html
 */
export class AccessLog extends pulumi.ComponentResource {
  constructor(name: string, args: AccessLogArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:web:AccessLog", name, {}, opts);
    const group = createLogGroup(`${name}-logs`, args, { parent: this });
    const source = new cloudwatch.LogDeliverySource(
      `${name}-source`,
      { logType: "ACCESS_LOGS", resourceArn: args.distributionArn },
      { parent: this },
    );
    const destination = new cloudwatch.LogDeliveryDestination(
      `${name}-destination`,
      {
        outputFormat: "json",
        deliveryDestinationConfiguration: { destinationResourceArn: group.arn },
      },
      { parent: this },
    );
    new cloudwatch.LogDelivery(
      `${name}-delivery`,
      { deliverySourceName: source.name, deliveryDestinationArn: destination.arn, recordFields: [...recordFields] },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
