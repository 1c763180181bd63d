import { isBucket, isWebsite, named } from "../../network/origins";
import type { Rule } from "../../pack/rule";
import { block, blocks, list, number, show, text } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import { T } from "../../stack/types";

const headersPolicy = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy";
/** CloudFront's own defaults, which wait for half a minute before the next origin is asked. */
const usual = { attempts: 3, timeoutSeconds: 10 };
/** Seconds after which people leave a page that shows nothing. */
const longestWaitSeconds = 5;
const yearSeconds = 31_536_000;

/** Rules for what CloudFront answers: after failing over, instead of an error, and with which headers. */
export const cloudfrontAnswersRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "distribution-failover-statuses",
    types: [T.distribution],
    description: "A group of origins whose first one is a bucket fails over on 403, too.",
    rationale:
      "S3 answers 403 and not 404 for a missing key where the distribution may not list the bucket, so that the group never fails over.",
    fix: "add 403 to failoverCriteria.statusCodes of the group",
    severity: "low",
    level: "advisory",
    ids: {},
    url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html",
    check(distribution, { report }) {
      for (const [i, group] of groupsOf(distribution).entries()) {
        const statuses = list(block(group["failoverCriteria"])["statusCodes"]).map(number);
        const [first] = membersOf(distribution, group);
        if (first === undefined || !isBucket(first) || statuses.length === 0 || statuses.includes(403)) continue;
        report(
          distribution,
          `must fail over on 403, which ${named(first)} answers for a missing key, got statuses ${statuses.join(", ")}`,
          `add 403 to originGroups.${i}.failoverCriteria.statusCodes`,
        );
      }
    },
  },
  {
    scope: "resource",
    name: "distribution-failover-wait",
    types: [T.distribution],
    description: `A group of origins fails over within ${longestWaitSeconds} seconds.`,
    rationale: "By default CloudFront tries the first origin three times for ten seconds, for each request anew.",
    fix: "set connectionAttempts to 1 and connectionTimeout to 2 on the first origin of the group",
    severity: "low",
    level: "advisory",
    ids: {},
    url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html#controlling-attempts-and-timeouts",
    check(distribution, { report }) {
      const origins = blocks(distribution.props["origins"]);
      for (const group of groupsOf(distribution)) {
        const [first] = membersOf(distribution, group);
        if (first === undefined) continue;
        const attempts = number(first["connectionAttempts"]) ?? usual.attempts;
        const timeout = number(first["connectionTimeout"]) ?? usual.timeoutSeconds;
        if (attempts * timeout <= longestWaitSeconds) continue;
        const path = `origins.${origins.findIndex(({ originId }) => originId === first["originId"])}`;
        report(
          distribution,
          `must fail over within ${longestWaitSeconds} seconds, got ${attempts} attempts of ${timeout} seconds at ${named(first)}`,
          `set ${path}.connectionAttempts to 1 and ${path}.connectionTimeout to 2`,
        );
      }
    },
  },
  {
    scope: "resource",
    name: "distribution-error-pages",
    types: [T.distribution],
    description: "A distribution in front of servers does not answer their errors with a page and status 200.",
    rationale:
      "Error pages are for the whole distribution: clients of an API behind it would read a page where it says that something is missing or refused.",
    fix: "remove the responses to 403 and 404 from customErrorResponses, and lead pages to the app by a CloudFront function on their behaviour",
    severity: "medium",
    level: "advisory",
    ids: {},
    url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/GeneratingCustomErrorResponses.html",
    check(distribution, { report }) {
      const servers = blocks(distribution.props["origins"]).filter((one) => !isBucket(one) && !isWebsite(one));
      const hidden = blocks(distribution.props["customErrorResponses"]).filter(
        ({ errorCode, responseCode }) => [403, 404].includes(number(errorCode) ?? 0) && number(responseCode) === 200,
      );
      if (servers.length > 0 && hidden.length > 0)
        report(
          distribution,
          `must leave the errors of ${named(servers[0]!)} as they are, got status 200 in place of ${hidden.map(({ errorCode }) => errorCode).join(" and ")}`,
        );
    },
  },
  {
    scope: "resource",
    name: "distribution-us-east-1",
    types: [T.distribution],
    description: "The certificate and the web ACL of a distribution are CloudFront's: in us-east-1.",
    rationale: "CloudFront refuses those of every other region, so that the deployment fails.",
    fix: "make them with a provider of us-east-1, the web ACL with scope CLOUDFRONT",
    severity: "medium",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html",
    check(distribution, { report }) {
      const certificate = text(block(distribution.props["viewerCertificate"])["acmCertificateArn"]);
      if (/^arn:[\w-]+:acm:(?!us-east-1:)/.test(certificate))
        report(
          distribution,
          `must have a certificate of us-east-1, got ${show(certificate)}`,
          "make the certificate of viewerCertificate.acmCertificateArn with a provider of us-east-1",
        );
      const acl = text(distribution.props["webAclId"]);
      if (/^arn:[\w-]+:wafv2:(?!us-east-1:\d*:global\/)/.test(acl))
        report(
          distribution,
          `must have a web ACL of scope CLOUDFRONT, got ${show(acl)}`,
          "make the web ACL of webAclId with scope CLOUDFRONT and a provider of us-east-1",
        );
    },
  },
  {
    scope: "resource",
    name: "response-headers-security",
    types: [headersPolicy],
    description:
      "A response headers policy with security headers keeps browsers on HTTPS for a year, and has a content security policy without inline scripts.",
    rationale: "Otherwise a text that an attacker gets into a page runs as a script, or the page is loaded over HTTP.",
    fix: "set securityHeadersConfig.strictTransportSecurity and securityHeadersConfig.contentSecurityPolicy",
    severity: "low",
    level: "advisory",
    ids: {},
    url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html",
    check(policy, { report }) {
      if (policy.props["securityHeadersConfig"] === undefined) return;
      const headers = block(policy.props["securityHeadersConfig"]);
      const seconds = number(block(headers["strictTransportSecurity"])["accessControlMaxAgeSec"]);
      if (seconds === undefined || seconds < yearSeconds)
        report(
          policy,
          `must keep browsers on HTTPS for a year, got strictTransportSecurity of ${seconds ?? "no"} seconds`,
          `set securityHeadersConfig.strictTransportSecurity.accessControlMaxAgeSec to ${yearSeconds}`,
        );
      const content = text(block(headers["contentSecurityPolicy"])["contentSecurityPolicy"]);
      if (content === "") {
        report(policy, "must have a content security policy, got none");
        return;
      }
      const scripts = scriptSources(content);
      if (scripts === undefined)
        report(
          policy,
          `must say which scripts run, got neither script-src nor default-src in ${show(content)}`,
          "add script-src 'self' to securityHeadersConfig.contentSecurityPolicy",
        );
      // With the hash of a script, browsers read 'unsafe-inline' as nothing: it is there for those that know no hashes.
      else if (/'unsafe-inline'/i.test(scripts) && !/'sha(256|384|512)-/i.test(scripts))
        report(
          policy,
          `must let no inline script run, got ${show(scripts)}`,
          "remove 'unsafe-inline' from script-src of securityHeadersConfig.contentSecurityPolicy",
        );
    },
  },
];

function groupsOf({ props }: Resource): Record<string, any>[] {
  return blocks(props["originGroups"]);
}

/** Returns the origins of a group in its order; those alone whose ids are known. */
function membersOf({ props }: Resource, group: Record<string, any>): Record<string, any>[] {
  const origins = blocks(props["origins"]);
  return blocks(group["members"]).flatMap(({ originId }) => origins.find((one) => one["originId"] === originId) ?? []);
}

/** Returns the directive that decides on scripts, without which every script runs. @example "script-src 'self'" */
function scriptSources(content: string): string | undefined {
  const directives = content.split(";").map((each) => each.trim());
  const of = (name: string) => directives.find((each) => each.toLowerCase().startsWith(`${name} `));
  return of("script-src") ?? of("default-src");
}
