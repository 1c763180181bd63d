import { examples } from "../../network/examples";
import {
  behaviourPaths,
  behaviours,
  isBucket,
  isWebsite,
  isWebsiteName,
  named,
  originsOf,
} from "../../network/origins";
import type { Rule } from "../../pack/rule";
import { block, blocks, isTrue, list, show, text } from "../../stack/read";
import { T } from "../../stack/types";
import { peek } from "../../stack/unknown";

const modernTls = ["TLSv1.2_2018", "TLSv1.2_2019", "TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"];
const domainTypes: readonly string[] = [T.record, T.zone, "aws:acm/certificate:Certificate"];

/** Rules for CloudFront. */
export const cloudfrontRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "distribution-https",
    types: [T.distribution],
    description: "A distribution uses HTTPS to viewers and to its origins.",
    rationale: "Otherwise cookies and pages cross the internet unencrypted.",
    fix: "set viewerProtocolPolicy to redirect-to-https, and originProtocolPolicy to https-only",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["CloudFront.3", "CloudFront.9"], cdkNag: ["AwsSolutions-CFR5"], checkov: ["CKV_AWS_34"] },
    check(distribution, { report }) {
      const policies = behaviours(distribution).map((one) => text(one["viewerProtocolPolicy"]));
      const open = policies.filter((policy) => !["redirect-to-https", "https-only"].includes(policy));
      for (const policy of open) {
        const paths = behaviourPaths(distribution).filter(([, one]) => text(one["viewerProtocolPolicy"]) === policy);
        report(
          distribution,
          `must use HTTPS to viewers, got viewerProtocolPolicy ${show(policy || undefined)}`,
          `set ${paths.map(([path]) => `${path}.viewerProtocolPolicy to redirect-to-https`).join(" and ")}`,
        );
      }
      // An origin that takes the viewer's protocol gets HTTPS when every viewer has to use it.
      const accepted = open.length === 0 ? ["https-only", "match-viewer"] : ["https-only"];
      for (const [i, origin] of blocks(distribution.props["origins"]).entries()) {
        const policy = text(block(origin["customOriginConfig"])["originProtocolPolicy"]);
        if (policy === "" || accepted.includes(policy)) continue;
        // The website endpoint of a bucket has no HTTPS; distribution-origin-access finds those. A name that is not known
        // yet may be one, and reading it says so.
        const domain = text(origin["domainName"]);
        if (!isWebsiteName(domain))
          report(
            distribution,
            `must use HTTPS to its origins, got originProtocolPolicy ${show(policy)} for ${named(origin)}`,
            `set origins.${i}.customOriginConfig.originProtocolPolicy to https-only`,
          );
      }
    },
  },
  {
    scope: "stack",
    name: "distribution-logging",
    types: [T.distribution],
    description: "A distribution logs its requests.",
    rationale: "What the cache answered is recorded nowhere else.",
    fix: "set loggingConfig.bucket, or add an aws.cloudwatch.LogDeliverySource for the distribution",
    severity: "medium",
    level: "production",
    lowUnless: ["audited"],
    example: examples.distributionLogs,
    ids: { securityHub: ["CloudFront.5"], cdkNag: ["AwsSolutions-CFR3"], checkov: ["CKV_AWS_86"] },
    check(distribution, { stack, report }) {
      const bucket = peek(() => block(distribution.props["loggingConfig"])["bucket"]);
      if (bucket !== undefined && bucket !== "") return;
      const deliveries = "aws:cloudwatch/logDeliverySource:LogDeliverySource";
      if (stack.referrers(distribution, deliveries, "resourceArn").length > 0) return;
      report(distribution, "must log its requests, got no loggingConfig.bucket");
    },
  },
  {
    scope: "stack",
    name: "distribution-root-object",
    types: [T.distribution],
    description: "The root of a distribution in front of a bucket is a page.",
    rationale: "Otherwise a request for the root may list the names of the bucket's objects.",
    fix: "set defaultRootObject",
    severity: "high",
    level: "mandatory",
    example: examples.indexPage,
    ids: { securityHub: ["CloudFront.1"], checkov: ["CKV_AWS_305"] },
    check(distribution, { report }) {
      const behaviour = block(distribution.props["defaultCacheBehavior"]);
      const origins = originsOf(distribution, behaviour["targetOriginId"]);
      if (!origins.some(isBucket) || text(distribution.props["defaultRootObject"]) !== "") return;
      // A function may rewrite the path of the root.
      const rewrites = ["functionAssociations", "lambdaFunctionAssociations"].flatMap((key) => blocks(behaviour[key]));
      if (rewrites.some((one) => text(one["eventType"]).endsWith("request"))) return;
      report(distribution, "must have a root object, got no defaultRootObject", "set defaultRootObject to index.html");
    },
  },
  {
    scope: "stack",
    name: "distribution-security-headers",
    types: [T.distribution],
    description: "A distribution adds security headers to what it serves from a bucket.",
    rationale:
      "S3 sends none, and without them a browser lets other sites frame the pages, and accepts them over HTTP.",
    fix: "set responseHeadersPolicyId on each behaviour",
    severity: "medium",
    level: "production",
    lowUnless: ["operated"],
    ids: { checkov: ["CKV2_AWS_32"] },
    url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-response-headers.html",
    check(distribution, { report }) {
      const bare = behaviours(distribution).filter((one) => {
        const policy = peek(() => text(one["responseHeadersPolicyId"]));
        const isRewritten = [...blocks(one["functionAssociations"]), ...blocks(one["lambdaFunctionAssociations"])].some(
          (each) => text(each["eventType"]).endsWith("response"),
        );
        const origins = originsOf(distribution, one["targetOriginId"]);
        return policy === "" && !isRewritten && origins.some((origin) => isBucket(origin) || isWebsite(origin));
      });
      if (bare.length > 0)
        report(distribution, `must send security headers, got none on ${bare.length} of its behaviours`);
    },
  },
  {
    scope: "stack",
    name: "distribution-tls",
    types: [T.distribution],
    description:
      "A distribution has its own certificate where the program has a domain, by SNI, and accepts TLS 1.2 or newer.",
    rationale: "The default certificate accepts TLS 1.0, and a dedicated address costs 600 dollars a month.",
    fix: "set viewerCertificate.acmCertificateArn, minimumProtocolVersion to TLSv1.2_2021 and sslSupportMethod to sni-only",
    severity: "medium",
    level: "production",
    ids: { securityHub: ["CloudFront.7", "CloudFront.8"], cdkNag: ["AwsSolutions-CFR4"], checkov: ["CKV_AWS_174"] },
    check(distribution, { stack, report, advise }) {
      const certificate = block(distribution.props["viewerCertificate"]);
      // With CloudFront's own certificate it chooses the versions and uses SNI, no matter what the program names.
      const own =
        !isTrue(certificate["cloudfrontDefaultCertificate"]) &&
        ["acmCertificateArn", "iamCertificateId", "minimumProtocolVersion"].some(
          (key) => peek(() => text(certificate[key])) !== "",
        );
      if (!own) {
        // Without a domain there is no name that a certificate could be for.
        // A program with a domain may use it for something else.
        const hasNames = peek(() => list(distribution.props["aliases"]).length) !== 0;
        if (hasNames || stack.of(...domainTypes).length > 0)
          (hasNames ? report : advise)(
            distribution,
            "must have its own certificate, got CloudFront's default one",
            "set viewerCertificate.acmCertificateArn to a certificate of us-east-1 for its names, with minimumProtocolVersion TLSv1.2_2021 and sslSupportMethod sni-only",
          );
        return;
      }
      const version = certificate["minimumProtocolVersion"];
      if (!modernTls.includes(text(version)))
        report(
          distribution,
          `must refuse TLS before 1.2, got viewerCertificate.minimumProtocolVersion ${show(version)}`,
          "set viewerCertificate.minimumProtocolVersion to TLSv1.2_2021",
        );
      const method = certificate["sslSupportMethod"];
      if (method !== "sni-only")
        report(
          distribution,
          `must use SNI, got viewerCertificate.sslSupportMethod ${show(method)}`,
          "set viewerCertificate.sslSupportMethod to sni-only",
        );
    },
  },
  {
    scope: "stack",
    name: "distribution-waf",
    types: [T.distribution],
    description: "A distribution in front of servers has a web application firewall.",
    rationale: "It refuses floods and known attacks at the edge, before they reach the servers.",
    fix: "set webAclId",
    severity: "medium",
    level: "production",
    example: examples.webAcl,
    ids: { securityHub: ["CloudFront.6"], cdkNag: ["AwsSolutions-CFR2"], checkov: ["CKV_AWS_68"] },
    check(distribution, { report }) {
      const acl = peek(() => text(distribution.props["webAclId"]));
      // Files of a bucket run no code that a request could attack.
      const servers = blocks(distribution.props["origins"]).filter((one) => !isBucket(one) && !isWebsite(one));
      if (acl === "" && servers.length > 0)
        report(distribution, `must have a web ACL, as it is in front of ${named(servers[0]!)}, got none`);
    },
  },
];
