import * as pulumi from "@pulumi/pulumi";
import type { IdentityOutputs } from "../infra/contract/layer-outputs";
import { regionalDomainName } from "../infra/dns/regional-names";
import { httpRoutes } from "../infra/gateway/http/routes";
import { restRoutes } from "../infra/gateway/rest/routes";
import type { WebAssets } from "../infra/web/site-objects";
import { WebSite } from "../infra/web/web-site";
import { leavesOut } from "./config/left-out";
import type { EdgeContext } from "./edge-context";
import { liveUrlOf } from "./live-changes";

/** The web app of an environment: its files, and what it calls the services. */
export interface WebApp {
  readonly assets: WebAssets;
  /** Titles of the services, by name. */
  readonly titles: Readonly<Record<string, string>>;
}

/**
 * Makes the web app's hosting, where the environment has one. The primary region's edge layer owns it, with the bucket of the
 * other region.
 * @returns its URL
 */
export function createWebApp({ context, upstream, hostedZoneId, account }: EdgeContext): string | undefined {
  const { config, environment, region, webApp, parent } = context;
  if (config.web === undefined || webApp === undefined) return undefined;
  const { signInUrl, otherRegion } = upstream.identity;
  const { url } = new WebSite(
    `${region.name}-web`,
    {
      account,
      emails: config.alarms.emails,
      environment,
      domainName: config.web.domain,
      hostedZoneId,
      regions: config.regions.map(({ name }) => name),
      connect: [
        `https://${apiOf(config).domain}`,
        signInUrl,
        ...(otherRegion ? [otherRegion.signInUrl] : []),
        ...(config.live ? [liveUrlOf(config.live)] : []),
      ],
      assets: webApp.assets,
      ...(config.web.waf && !leavesOut(config, "waf") ? { waf: config.web.waf } : {}),
      config: webConfig(context, upstream.identity, webApp),
      logRetentionDays: config.logRetentionDays,
      protection: config.protection,
    },
    { parent },
  );
  return url;
}

/** Returns what the app is told about its environment, as JSON; apps/web/config.ts reads it. */
function webConfig(
  { config, environment, services }: EdgeContext["context"],
  { otherRegion, ...identity }: IdentityOutputs,
  { titles }: WebApp,
): pulumi.Output<string> {
  const { gateway, domain: api } = apiOf(config);
  const offered = services.filter(({ gateways }) => gateways[gateway]);
  const routes = offered.flatMap((service) => (gateway === "rest" ? restRoutes(service) : httpRoutes(service)));
  const scopes = [...new Set(routes.flatMap((route) => route.scopes))].sort();
  const signInAt = ({ issuer, clientIds, signInUrl: url }: Omit<IdentityOutputs, "otherRegion">) => ({
    issuer,
    url,
    // The first client is that of browsers.
    clientId: pulumi.output(clientIds).apply((ids) => ids[0]!),
    scopes,
  });
  return pulumi.jsonStringify({
    environment,
    apiUrl: `https://${api}`,
    ...(gateway === "rest" ? { tenants: true } : {}),
    ...(config.live ? { liveUrl: liveUrlOf(config.live) } : {}),
    signIn: signInAt(identity),
    ...(otherRegion ? { otherSignIn: { region: otherRegion.region, ...signInAt(otherRegion) } } : {}),
    regions: config.regions.map(({ name }) => ({ name, url: `https://${regionalDomainName(api, name)}` })),
    services: offered.map(({ name }) => ({ name, title: titles[name]! })),
  });
}

/** Returns the API that the app calls: that of tenants, where the environment has some. */
function apiOf({ domain, gateways: { rest }, tenants }: EdgeContext["context"]["config"]) {
  return tenants !== undefined && rest !== undefined
    ? { gateway: "rest" as const, domain: rest.domain }
    : { gateway: "http" as const, domain: domain.api };
}
