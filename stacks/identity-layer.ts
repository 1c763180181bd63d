import type { IdentityOutputs } from "../infra/contract/layer-outputs";
import { Identity } from "../infra/identity/identity";
import { MessageLog } from "../infra/identity/message-log";
import { TenantMemberships } from "../infra/identity/tenants/tenant-memberships";
import { TriggerFunctions } from "../infra/identity/triggers/trigger-functions";
import { triggersOf } from "../infra/identity/triggers/triggers-of";
import type { LayerContext } from "./layers";
import { hasTriggers } from "./platform-apps";

/**
 * Makes the identity layer: user pool, groups, clients, scopes, triggers and sign-in domain; with tenants also their
 * members. Made in the primary region only.
 */
export function identityLayer(context: LayerContext): IdentityOutputs {
  const { config, services, region, parent } = context;
  const memberships = config.tenants === undefined ? undefined : createMemberships(context);
  const log = new MessageLog(`${region.name}-identity-messages`, config, { parent });
  const functions = hasTriggers(config) ? createTriggers(context, log, memberships) : undefined;
  const scopes = services.flatMap((service) => service.routes.flatMap((route) => route.scopes));
  const identity = new Identity(
    `${region.name}-identity`,
    {
      region: region.name,
      scopes: [...new Set(scopes)].sort(),
      tokens: config.tokens,
      ...config.signIn,
      protection: config.protection,
      ...(functions === undefined ? {} : { lambdaConfig: functions.lambdaConfig }),
    },
    { parent },
  );
  log.record(identity.userPoolId);
  functions?.permit(identity.userPoolArn);
  const { userPoolId, issuer, clientIds, signInUrl } = identity;
  return {
    userPoolId,
    issuer,
    clientIds,
    signInUrl,
    ...(memberships === undefined ? {} : { memberTable: memberships.table.name }),
  };
}

function createMemberships({ config, region, parent }: LayerContext): TenantMemberships {
  return new TenantMemberships(
    `${region.name}-tenants`,
    {
      replicaRegions: config.regions.filter(({ name }) => name !== region.name).map(({ name }) => name),
      protection: config.protection,
    },
    { parent },
  );
}

function createTriggers(
  { config, region, platformApps, parent }: LayerContext,
  { account }: MessageLog,
  memberships: TenantMemberships | undefined,
): TriggerFunctions {
  const { logRetentionDays, alarms, signIn } = config;
  return new TriggerFunctions(
    `${region.name}-identity`,
    {
      account,
      artifact: platformApps["identity-triggers"]!,
      emails: alarms.emails,
      logRetentionDays,
      triggers: triggersOf({ groups: signIn.groups, members: memberships?.table }),
    },
    { parent },
  );
}
