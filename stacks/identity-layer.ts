import type { IdentityOutputs, OtherPoolOutputs } from "../infra/contract/layer-outputs";
import { restRoutes } from "../infra/gateway/rest/routes";
import { Identity } from "../infra/identity/identity";
import { IssuerKeys } from "../infra/identity/issuer-keys";
import { MailIdentity, type Sender } from "../infra/identity/mail-identity";
import { MessageLog } from "../infra/identity/message-log";
import { TenantMemberships } from "../infra/identity/tenants/tenant-memberships";
import type { Groups } from "../infra/identity/triggers/grants";
import { TriggerFunctions } from "../infra/identity/triggers/trigger-functions";
import { type OtherPool, triggersOf } from "../infra/identity/triggers/triggers-of";
import { AlarmTopic } from "../infra/observability/alarm-topic";
import { RegionPart } from "../infra/region/region-part";
import { grantedScopes } from "./config/granted-scopes";
import type { LayerContext } from "./layers";
import { hasTriggers } from "./platform-apps";
import { signInDomainIn } from "./sign-in-names";

/**
 * Makes the identity layer: user pool, groups, clients, scopes, triggers and sign-in domain; with tenants also their
 * members. The primary region's stack owns it, with the pool of the other region where each has one: the gateways of both
 * regions admit the tokens of both pools, so that two stacks would wait for each other.
 */
export function identityLayer(context: LayerContext): IdentityOutputs {
  const { config, environment, region } = context;
  const memberships = config.tenants === undefined ? undefined : createMemberships(context);
  const second = secondRegion(config);
  const otherOf = (other: LayerContext["region"], machineId?: OtherPool["machineId"]) => ({
    other: { region: other.name, domainPrefix: config.signIn.domainPrefix, machineId },
  });
  const own = createPool(context, { memberships, ...(second && otherOf(second)) });
  const memberTable = memberships === undefined ? {} : { memberTable: memberships.table.name };
  if (second === undefined) {
    own.functions?.permit(own.identity.userPoolArn);
    return { ...own.outputs, ...memberTable };
  }
  const args = { region: second.name, environment };
  const parent = new RegionPart(`${second.name}-identity`, args, { parent: context.parent });
  const machineId = own.identity.machineId;
  const other = createPool({ ...context, region: second, parent }, { memberships, ...otherOf(region, machineId) });
  own.functions?.permit(own.identity.userPoolArn, other.identity.userPoolArn);
  other.functions?.permit(other.identity.userPoolArn, own.identity.userPoolArn);
  const otherRegion: OtherPoolOutputs = { region: second.name, ...other.outputs };
  const { table } = new IssuerKeys(
    `${region.name}-issuer-keys`,
    { replicaRegion: second.name, protection: config.protection },
    { parent: context.parent },
  );
  return { ...own.outputs, ...memberTable, keyTable: table.name, otherRegion };
}

/** Returns the region that has a user pool in addition to the primary one; undefined with one pool. */
export function secondRegion({
  signIn,
  regions,
}: Pick<LayerContext["config"], "signIn" | "regions">): LayerContext["region"] | undefined {
  return signIn.regions === "each" ? regions[1] : undefined;
}

/** What the pools of both regions have in common, and where the other one is. */
interface PoolParts {
  readonly memberships: TenantMemberships | undefined;
  readonly other?: OtherPool;
}

/** Makes the user pool of a region, with all that belongs to it. */
function createPool(context: LayerContext, { memberships, other }: PoolParts) {
  const { config, services, region, parent } = context;
  const log = new MessageLog(`${region.name}-identity-messages`, config, { parent });
  const { emails } = config.alarms;
  const topic = new AlarmTopic(
    `${region.name}-identity-messages-alarms`,
    { account: log.account, emails },
    { parent: log },
  );
  const { mail } = config.signIn;
  const mailIdentity =
    mail && new MailIdentity(`${region.name}-identity-mail`, { ...mail, alarmTopicArn: topic.arn }, { parent });
  const sender =
    mail?.sender === "ses" && mailIdentity ? { identityArn: mailIdentity.arn, from: mail.from } : undefined;
  const scopes = [
    ...new Set(services.flatMap((service) => restRoutes(service).flatMap((route) => route.scopes))),
  ].sort();
  const groups = config.signIn.groups && grantedScopes(config.signIn.groups, scopes);
  const parts = { log, topic, members: memberships?.tableIn(region.name), sender, groups, other };
  const functions = hasTriggers(config) ? createTriggers(context, parts) : undefined;
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
      account: log.account,
      alarmTopicArn: topic.arn,
      sender,
      ...(functions === undefined ? {} : { lambdaConfig: functions.lambdaConfig }),
    },
    { parent },
  );
  log.record(identity.userPoolId, topic.arn);
  const { userPoolId, issuer, clientIds, signInUrl } = identity;
  const domain = signInDomainIn(config, region.name);
  const outputs = {
    userPoolId,
    issuer,
    clientIds,
    signInUrl: domain === undefined ? signInUrl : `https://${domain}`,
    ...(mailIdentity === undefined ? {} : { mailTokens: mailIdentity.tokens }),
  };
  return { identity, functions, outputs };
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
  readonly members: ReturnType<TenantMemberships["tableIn"]> | undefined;
  readonly sender: Sender | undefined;
  readonly groups: Groups | undefined;
  readonly other: OtherPool | undefined;
}

function createTriggers(
  { config, region, platformApps, parent }: LayerContext,
  { log, topic, members, sender, groups, other }: TriggerParts,
): TriggerFunctions {
  const { logRetentionDays, signIn } = config;
  return new TriggerFunctions(
    `${region.name}-identity`,
    {
      account: log.account,
      artifact: platformApps["identity-triggers"]!,
      alarmTopicArn: topic.arn,
      logRetentionDays,
      triggers: triggersOf({ ...signIn, groups, members, sender, other }),
    },
    { parent },
  );
}
