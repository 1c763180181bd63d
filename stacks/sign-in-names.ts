import { MailRecords } from "../infra/dns/mail-records";
import type { RegionalNames } from "../infra/dns/regional-names";
import { SignInDomain } from "../infra/dns/sign-in-domain";
import { DKIM_RECORDS, domainOfAddress } from "../infra/identity/mail-identity";
import type { PlatformConfig } from "./config/schema";
import type { EdgeContext } from "./edge-context";

/**
 * Makes the records of signing in at the region's own user pool: the page's own name, and those by which SES knows the
 * domain of messages. It makes none in a region without a pool.
 */
export function createSignInNames({ context, upstream, hostedZoneId }: EdgeContext, names: RegionalNames): void {
  const { config, region, parent } = context;
  const { identity } = upstream;
  const own = region.name === config.regions[0]!.name ? identity : identity.otherRegion;
  if (own === undefined) return;
  const { userPoolId, mailTokens } = own;
  const domainName = signInDomainIn(config, region.name);
  if (domainName !== undefined) {
    const name = `${region.name}-dns-sign-in`;
    // The page's name is below the API's, whose A record Cognito looks for.
    new SignInDomain(name, { userPoolId, domainName, hostedZoneId }, { parent, dependsOn: [names] });
  }
  const { mail } = config.signIn;
  if (mail !== undefined && mailTokens !== undefined) {
    const args = { domain: domainOfAddress(mail.from), tokens: mailTokens, count: DKIM_RECORDS, hostedZoneId };
    new MailRecords(`${region.name}-dns-mail`, args, { parent });
  }
}

/**
 * Returns the name of the sign-in page of a region's user pool; undefined where it has the prefix's name only. Names of
 * distributions of CloudFront are unique in the world, so that the other region's page has another.
 * @example signInDomainIn(config, "eu-central-1") // "sign-in-eu-central-1.api.example.com"
 */
export function signInDomainIn(
  { signIn, regions }: Pick<PlatformConfig, "signIn" | "regions">,
  region: string,
): string | undefined {
  if (signIn.domain === undefined || regions[0]!.name === region) return signIn.domain;
  const [label, ...rest] = signIn.domain.split(".");
  return [`${label}-${region}`, ...rest].join(".");
}
