import * as pulumi from "@pulumi/pulumi";
import type { EdgeOutputs } from "../infra/contract/layer-outputs";
import { RegionalNames } from "../infra/dns/regional-names";
import { referenceRoutes } from "../infra/gateway/reference";
import { RestApi } from "../infra/gateway/rest/rest-api";
import { restRoutes } from "../infra/gateway/rest/routes";
import { TenantAuthorizerFunction } from "../infra/gateway/rest/tenants/tenant-authorizer";
import { TenantUsage } from "../infra/gateway/rest/tenants/tenant-usage";
import { UsagePlans, type UsagePlansArgs } from "../infra/gateway/rest/tenants/usage-plans";
import { userPoolArn } from "../infra/identity/user-pool-arn";
import { admittedIssuers, hasSeveralIssuers } from "./config/issuers";
import { leavesOut } from "./config/left-out";
import type { PlatformConfig } from "./config/schema";
import { failoverOf, failoverRole, type RestContext } from "./edge-context";
import { createIssuerAuthorizer } from "./issuer-authorizer";
import type { LayerContext } from "./layers";
import { usageApp } from "./platform-apps";

/** Makes the REST API of a region, its functions and domain names, and what its tenants need. @returns its outputs */
export function createRestApi(
  edge: RestContext,
  { domain, cache, waf, stages: moreStages }: NonNullable<PlatformConfig["gateways"]["rest"]>,
): Pick<EdgeOutputs, "restUrl" | "tenants"> {
  const { context, upstream, link, hostedZoneId, forwarder, alarmTopicArn, reference } = edge;
  const { config, region, parent } = context;
  const services = context.services.filter(({ gateways }) => gateways.rest);
  const tenants = config.tenants === undefined ? undefined : createAuthorizer(edge);
  const usage = config.tenants === undefined ? undefined : createUsage(edge);
  const issuers =
    tenants === undefined && hasSeveralIssuers(config)
      ? createIssuerAuthorizer(edge, "rest", services.flatMap(restRoutes))
      : undefined;
  const readsItems = services.some(({ gatewayRoutes }) => gatewayRoutes.some(({ answer }) => answer.kind === "item"));
  const { api, stages } = new RestApi(
    `${region.name}-rest`,
    {
      region: region.name,
      tables: readsItems ? upstream.tables() : {},
      title: `REST API of ${context.environment}`,
      ...(moreStages ? { moreStages } : {}),
      services,
      backends: upstream.backends,
      integrations: { link, ...(forwarder ? { forwarder } : {}) },
      authorizer:
        tenants ??
        (issuers
          ? { kind: "issuers", invokeArn: issuers.invokeArn }
          : { kind: "user-pool", userPoolArn: userPoolArn(upstream.identity, edge.account) }),
      corsOrigins: config.cors.origins,
      throttle: config.throttle,
      ...(cache && !leavesOut(config, "cache") ? { cache } : {}),
      ...(waf && !leavesOut(config, "waf") ? { waf } : {}),
      logRetentionDays: config.logRetentionDays,
      alarmTopicArn,
      reference: { routes: referenceRoutes(services.map(({ name }) => name)), backend: reference.backend },
      ...(usage ? { usage } : {}),
    },
    { parent },
  );
  issuers?.permit(`${region.name}-rest-issuers-api`, api.executionArn);
  const stageNames = Object.fromEntries([...stages].map(([path, { stageName }]) => [path, stageName]));
  const { "": stage, ...others } = stageNames;
  for (const [path, name] of Object.entries(stageNames)) {
    const stageArn = pulumi.interpolate`${api.executionArn}/${name}`;
    forwarder?.permit(`${region.name}-rest${path && `-${path}`}-forwarder`, stageArn);
    reference.permit(`${region.name}-rest${path && `-${path}`}-reference`, stageArn);
    usage?.permit(`${region.name}-rest${path && `-${path}`}-usage`, stageArn);
  }
  new RegionalNames(
    `${region.name}-rest-names`,
    {
      region: region.name,
      apiName: domain,
      hostedZoneId,
      apiId: api.id,
      stage: stage!,
      moreStages: others,
      ...failoverOf(context, "rest"),
      role: failoverRole(context),
    },
    { parent },
  );
  const plans = tenants && createPlans(context, { api, stageNames: Object.values(stageNames), tenants });
  if (plans?.tenants) usage?.allowPlans(Object.values(plans.tenants.plans));
  return { restUrl: `https://${domain}`, ...plans };
}

/** Makes the function that admits the tenants of a region. */
function createAuthorizer({ context, upstream, account, alarmTopicArn }: RestContext): TenantAuthorizerFunction {
  const { config, region, platformApps, parent } = context;
  return new TenantAuthorizerFunction(
    `${region.name}-authorizer`,
    {
      account,
      alarmTopicArn,
      logRetentionDays: config.logRetentionDays,
      artifact: platformApps["authorizer"]!,
      region: region.name,
      identity: upstream.identity,
      issuers: admittedIssuers(config),
      services: context.services.filter(({ gateways }) => gateways.rest),
      protection: config.protection,
    },
    { parent },
  );
}

/** Makes what tells tenants how much of their quota is used. */
function createUsage({ context, account, alarmTopicArn }: RestContext): TenantUsage {
  const { config, environment, region, platformApps, parent } = context;
  return new TenantUsage(
    `${region.name}-tenant-usage`,
    {
      account,
      alarmTopicArn,
      environment,
      region: region.name,
      logRetentionDays: config.logRetentionDays,
      artifact: platformApps[usageApp]!,
      corsOrigins: config.cors.origins,
      protection: config.protection,
    },
    { parent },
  );
}

/** Makes the usage plans of the tenants' tiers. */
function createPlans(
  { config, services, region, parent }: LayerContext,
  {
    api,
    stageNames,
    tenants,
  }: Pick<RestApi, "api"> & Pick<UsagePlansArgs, "stageNames"> & { readonly tenants: TenantAuthorizerFunction },
): Pick<EdgeOutputs, "tenants"> {
  tenants.permit(`${region.name}-authorizer-api`, api.executionArn);
  const plans = new UsagePlans(
    `${region.name}-plans`,
    {
      tiers: config.tenants!.tiers,
      services: services.filter(({ gateways }) => gateways.rest),
      apiId: api.id,
      stageNames,
    },
    { parent },
  );
  return { tenants: { plans: plans.ids, secretArn: tenants.secretArn } };
}
