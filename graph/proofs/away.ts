import type { PlannedResource } from "../model";

/** A part of a region's stack that is in another region for a reason. */
interface AwayPart {
  /** What it is, after "and". */
  readonly title: string;
  /** Component that it is in, or the beginning of several. */
  readonly component: string;
  readonly types: RegExp;
  /** @default any region */
  readonly region?: string;
}

/** Region of what belongs to CloudFront and is not global. */
const cloudFronts = "us-east-1";
/** With the record that validates a certificate, which has no region and the provider of the certificate. */
const certificates = /^aws:(acm\/certificate(Validation)?|route53\/record):/;
const watching = /^aws:(cloudwatch\/|sns\/topic|kms\/(key|alias)|wafv2\/webAcl)/;

/** What no request of an API needs: files for browsers in both regions (docs/adr/0033), and what CloudFront has in one. */
const parts: readonly AwayPart[] = [
  { title: "the web app's files", component: "platform:web:WebSite$", types: /^aws:s3\/bucket/ },
  {
    title: "its certificate, logs, alarms and firewall",
    component: "platform:web:WebSite$",
    types: new RegExp(`${certificates.source}|${watching.source}`),
    region: cloudFronts,
  },
  {
    title: "the sign-in page's certificate",
    component: "platform:dns:SignInDomain$",
    types: certificates,
    region: cloudFronts,
  },
  {
    // docs/adr/0034: each region's gateways admit the tokens of both pools, so that one stack has both.
    title: "the user pool of the other region with its triggers",
    component: "platform:identity:",
    types: /^aws:(cognito|lambda|iam|cloudwatch|sns|kms|sesv2)\//,
  },
];

/** Tells which resources outside a stack's region are there for a reason, and which are not. */
export function sortAway(away: readonly PlannedResource[]): {
  readonly titles: readonly string[];
  readonly others: readonly PlannedResource[];
} {
  const partOf = ({ urn, type, region }: PlannedResource) =>
    parts.find(
      (part) => urn.includes(`$${part.component}`) && part.types.test(type) && (part.region ?? region) === region,
    );
  const titles = parts.filter((part) => away.some((resource) => partOf(resource) === part)).map(({ title }) => title);
  return { titles, others: away.filter((resource) => partOf(resource) === undefined) };
}
