import * as cloudfront from "@pulumi/aws/cloudfront";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as aws from "@pulumi/aws/provider";
import * as pulumi from "@pulumi/pulumi";
import { createAlias } from "../dns/alias";
import { ValidatedCertificate } from "../dns/certificate";
import { WebAcl, type WebAclLimits } from "../firewall/web-acl";
import { alarmActions } from "../observability/alarm-actions";
import { AlarmTopic, type AlarmTopicArgs } from "../observability/alarm-topic";
import { CLOUDFRONT_REGION, createProvider } from "../region/other-region";
import { PrivateBucket } from "../security/private-bucket";
import { AccessLog } from "./access-log";
import { distributionInputs, originIds } from "./distribution-inputs";
import { pagesFunctionCode } from "./pages-function";
import { responseHeaders } from "./response-headers";
import { createSiteObjects, type SiteObjectsArgs } from "./site-objects";

/** Arguments of `WebSite`. */
export interface WebSiteArgs extends AlarmTopicArgs, Pick<SiteObjectsArgs, "assets" | "config"> {
  readonly environment: string;
  /** Name of the site, in the hosted zone. @example "app.example.com" */
  readonly domainName: string;
  readonly hostedZoneId: pulumi.Input<string>;
  /** Regions that have the site's files, the primary one first: that of the provider. */
  readonly regions: readonly string[];
  /** Origins that the app sends requests to. */
  readonly connect: readonly pulumi.Input<string>[];
  /** What the web application firewall in front of it refuses. @default no firewall, which costs by month and request */
  readonly waf?: WebAclLimits;
  readonly logRetentionDays: number;
  readonly protection: boolean;
}

/** Days that files of earlier deployments can be restored. */
const oldVersionDays = 30;

/**
 * The web app's hosting: a private bucket with its files in each region, and CloudFront in front of them. One component owns
 * the buckets of both regions: the distribution needs both, and each bucket's policy needs the distribution.
 */
export class WebSite extends pulumi.ComponentResource {
  readonly url: string;

  constructor(name: string, args: WebSiteArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:web:WebSite", name, {}, opts);
    const global = createProvider(`${name}-global`, CLOUDFRONT_REGION);
    const buckets = args.regions.map((region, i) => this.createBucket(name, args, region, i === 0));
    const topic = new AlarmTopic(`${name}-alarms`, args, { parent: this, provider: global });
    const acl = this.createAcl(name, args, topic, global);
    const distribution = this.createDistribution(name, args, { buckets, acl }, global);
    for (const site of buckets) this.fill(site, args, distribution);
    new AccessLog(
      `${name}-access`,
      { distributionArn: distribution.arn, logRetentionDays: args.logRetentionDays },
      { parent: this, provider: global },
    );
    this.createAlarm(name, args, { topic, distribution }, global);
    this.createRecords(name, args, distribution);
    this.url = `https://${args.domainName}`;
    this.registerOutputs({ url: this.url });
  }

  private createBucket(name: string, { protection }: WebSiteArgs, region: string, primary: boolean) {
    const site = `${name}-${region}`;
    const bucket = new PrivateBucket(
      site,
      { keepOldVersionsDays: oldVersionDays, protection, grants: "later" },
      { parent: this, ...(primary ? {} : { provider: createProvider(site, region) }) },
    );
    return { name: site, bucket };
  }

  private createAcl(
    name: string,
    { waf, environment, logRetentionDays }: WebSiteArgs,
    { arn: alarmTopicArn }: AlarmTopic,
    global: aws.Provider,
  ): WebAcl | undefined {
    if (waf === undefined) return undefined;
    const title = `Web app of ${environment}`;
    return new WebAcl(
      `${name}-waf`,
      { title, limits: waf, protects: { scope: "CLOUDFRONT" }, logRetentionDays, alarmTopicArn },
      { parent: this, provider: global },
    );
  }

  private createDistribution(
    name: string,
    args: WebSiteArgs,
    {
      buckets,
      acl,
    }: { readonly buckets: readonly { readonly bucket: PrivateBucket }[]; readonly acl: WebAcl | undefined },
    global: aws.Provider,
  ): cloudfront.Distribution {
    const { domainName, hostedZoneId, environment, connect } = args;
    const opts = { parent: this };
    const certificate = new ValidatedCertificate(
      `${name}-tls`,
      { domainName, alternativeNames: [], validatedNames: [domainName], hostedZoneId },
      { ...opts, provider: global },
    );
    const access = new cloudfront.OriginAccessControl(
      `${name}-origin-access`,
      { originAccessControlOriginType: "s3", signingBehavior: "always", signingProtocol: "sigv4" },
      opts,
    );
    const headers = new cloudfront.ResponseHeadersPolicy(`${name}-headers`, responseHeaders(connect), opts);
    const pages = new cloudfront.Function(
      `${name}-pages`,
      { runtime: "cloudfront-js-2.0", comment: "Leads every page to index.html", code: pagesFunctionCode },
      opts,
    );
    return new cloudfront.Distribution(
      `${name}-distribution`,
      distributionInputs({
        ...{ comment: `Web app of ${environment}`, domainName, certificateArn: certificate.arn },
        origins: buckets.map(({ bucket }, i) => ({ id: originIds[i]!, domainName: bucket.regionalDomainName })),
        originAccessControlId: access.id,
        responseHeadersPolicyId: headers.id,
        pagesFunctionArn: pages.arn,
        ...(acl && { webAclArn: acl.arn }),
      }),
      opts,
    );
  }

  /** Lets this distribution alone read a bucket, and puts the app into it. */
  private fill(
    { name, bucket }: { readonly name: string; readonly bucket: PrivateBucket },
    { assets, config }: WebSiteArgs,
    distribution: cloudfront.Distribution,
  ): void {
    bucket.grantLater([
      {
        Sid: "Distribution",
        Principal: { Service: "cloudfront.amazonaws.com" },
        Action: ["s3:GetObject"],
        path: "*",
        Condition: { StringEquals: { "AWS:SourceArn": distribution.arn } },
      },
    ]);
    createSiteObjects(name, { bucket: bucket.name, assets, config }, { parent: bucket });
  }

  /** Makes the alarm on pages that end in an error. CloudFront's metrics are in one region, and so are their alarms. */
  private createAlarm(
    name: string,
    { environment }: WebSiteArgs,
    { topic, distribution }: { readonly topic: AlarmTopic; readonly distribution: cloudfront.Distribution },
    global: aws.Provider,
  ): void {
    const opts = { parent: this, provider: global };
    new cloudwatch.MetricAlarm(
      `${name}-errors`,
      {
        alarmDescription: `Web app of ${environment}: more than 5 % of requests fail`,
        namespace: "AWS/CloudFront",
        metricName: "5xxErrorRate",
        dimensions: { DistributionId: distribution.id, Region: "Global" },
        statistic: "Average",
        period: 60,
        comparisonOperator: "GreaterThanThreshold",
        threshold: 5,
        evaluationPeriods: 5,
        datapointsToAlarm: 3,
        treatMissingData: "notBreaching",
        ...alarmActions({ alarmTopicArn: topic.arn }),
      },
      opts,
    );
  }

  private createRecords(
    name: string,
    { hostedZoneId, domainName }: WebSiteArgs,
    distribution: cloudfront.Distribution,
  ): void {
    const target = { name: distribution.domainName, zoneId: distribution.hostedZoneId };
    const record = { hostedZoneId, domainName, target, evaluateTargetHealth: false };
    createAlias(`${name}-record`, record, { parent: this });
    createAlias(`${name}-record-ipv6`, { ...record, type: "AAAA" }, { parent: this });
  }
}
