import type { RouteSpec } from "../infra/contract/service";
import { IssuerAuthorizer } from "../infra/gateway/issuers/issuer-authorizer";
import { admittedIssuers } from "./config/issuers";
import type { RestContext } from "./edge-context";

const gateways = { http: "the HTTP API", rest: "the REST API" } as const;

/** Makes the function that decides on the tokens of several issuers for one gateway of a region. */
export function createIssuerAuthorizer(
  { context, upstream, account, alarmTopicArn }: RestContext,
  gateway: keyof typeof gateways,
  routes: readonly RouteSpec[],
): IssuerAuthorizer {
  const { config, region, platformApps, parent } = context;
  return new IssuerAuthorizer(
    `${region.name}-${gateway}-issuers`,
    {
      gateway: gateways[gateway],
      account,
      alarmTopicArn,
      logRetentionDays: config.logRetentionDays,
      artifact: platformApps["authorizer"]!,
      region: region.name,
      identity: upstream.identity,
      issuers: admittedIssuers(config),
      routes,
    },
    { parent },
  );
}
