import { MailRecords } from "../infra/dns/mail-records";
import type { RegionalNames } from "../infra/dns/regional-names";
import { SignInDomain } from "../infra/dns/sign-in-domain";
import { DKIM_RECORDS, domainOfAddress } from "../infra/identity/mail-identity";
import type { EdgeContext } from "./edge-context";

/** Makes the records of signing in: the page's own name, and those by which SES knows the domain of messages. */
export function createSignInNames({ context, upstream, hostedZoneId }: EdgeContext, names: RegionalNames): void {
  const { config, region, parent } = context;
  const { domain: domainName, mail } = config.signIn;
  const { userPoolId, mailTokens } = upstream.identity;
  if (domainName !== undefined) {
    const name = `${region.name}-dns-sign-in`;
    // The page's name is below the API's, whose A record Cognito looks for.
    new SignInDomain(name, { userPoolId, domainName, hostedZoneId }, { parent, dependsOn: [names] });
  }
  if (mail !== undefined && mailTokens !== undefined) {
    const args = { domain: domainOfAddress(mail.from), tokens: mailTokens, count: DKIM_RECORDS, hostedZoneId };
    new MailRecords(`${region.name}-dns-mail`, args, { parent });
  }
}
