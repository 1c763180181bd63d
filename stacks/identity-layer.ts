import type { IdentityOutputs } from "../infra/contract/layer-outputs";
import { restRoutes } from "../infra/gateway/rest/routes";
import { Identity } from "../infra/identity/identity";
import { MailIdentity, type Sender } from "../infra/identity/mail-identity";
import { MessageLog } from "../infra/identity/message-log";
import { TenantMemberships } from "../infra/identity/tenants/tenant-memberships";
import type { Groups } from "../infra/identity/triggers/grants";
import { TriggerFunctions } from "../infra/identity/triggers/trigger-functions";
import { triggersOf } from "../infra/identity/triggers/triggers-of";
import { AlarmTopic } from "../infra/observability/alarm-topic";
import { grantedScopes } from "./config/granted-scopes";
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
  const { emails } = config.alarms;
  const topic = new AlarmTopic(
    `${region.name}-identity-messages-alarms`,
    { account: log.account, emails },
    { parent: log },
  );
  const { mail, domain } = config.signIn;
  const mailIdentity =
    mail && new MailIdentity(`${region.name}-identity-mail`, { ...mail, alarmTopicArn: topic.arn }, { parent });
  const sender =
    mail?.sender === "ses" && mailIdentity ? { identityArn: mailIdentity.arn, from: mail.from } : undefined;
  const scopes = [
    ...new Set(services.flatMap((service) => restRoutes(service).flatMap((route) => route.scopes))),
  ].sort();
  const groups = config.signIn.groups && grantedScopes(config.signIn.groups, scopes);
  const functions = hasTriggers(config)
    ? createTriggers(context, { log, topic, memberships, sender, groups })
    : undefined;
  const identity = new Identity(
    `${region.name}-identity`,
    {
      region: region.name,
      environment: context.environment,
      scopes,
      tokens: config.tokens,
      ...config.signIn,
      groups,
      protection: config.protection,
      sender,
      ...(functions === undefined ? {} : { lambdaConfig: functions.lambdaConfig }),
    },
    { parent },
  );
  log.record(identity.userPoolId, topic.arn);
  functions?.permit(identity.userPoolArn);
  const { userPoolId, issuer, clientIds, signInUrl } = identity;
  return {
    userPoolId,
    issuer,
    clientIds,
    signInUrl: domain === undefined ? signInUrl : `https://${domain}`,
    ...(mailIdentity === undefined ? {} : { mailTokens: mailIdentity.tokens }),
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

/** What the triggers use of the rest of the layer. */
interface TriggerParts {
  readonly log: MessageLog;
  readonly topic: AlarmTopic;
  readonly memberships: TenantMemberships | undefined;
  readonly sender: Sender | undefined;
  readonly groups: Groups | undefined;
}

function createTriggers(
  { config, region, platformApps, parent }: LayerContext,
  { log, topic, memberships, sender, groups }: TriggerParts,
): TriggerFunctions {
  const { logRetentionDays, signIn } = config;
  return new TriggerFunctions(
    `${region.name}-identity`,
    {
      account: log.account,
      artifact: platformApps["identity-triggers"]!,
      alarmTopicArn: topic.arn,
      logRetentionDays,
      triggers: triggersOf({ ...signIn, groups, members: memberships?.table, sender }),
    },
    { parent },
  );
}
