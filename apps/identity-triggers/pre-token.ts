import { isTenantName, type Membership } from "../kit/tenant";
import type { CopyEvent } from "./copy";
import type { Grants } from "./grants";
import { subjectOf } from "./subject";

/** The event of a user pool's pre-token trigger (V3_0), as far as it is read. */
export interface PreTokenEvent {
  /** `TokenGeneration_ClientCredentials` for a machine client; the other sources are those of a user. */
  readonly triggerSource: string;
  readonly userName?: string;
  readonly callerContext: { readonly clientId: string };
  readonly request: {
    readonly userAttributes?: Readonly<Record<string, string>> | null;
    /** Scopes that the token would have. */
    readonly scopes?: readonly string[] | null;
    /** Groups of the user as the pool has them. */
    readonly groupConfiguration?: { readonly groupsToOverride?: readonly string[] | null } | null;
  };
  readonly response: unknown;
}

/** The changes to an access token. */
interface TokenChanges {
  readonly claimsToAddOrOverride?: { readonly tenant_id?: string; readonly tier?: string; readonly subject?: string };
  readonly scopesToSuppress?: readonly string[];
}

/** The changes to a token that the trigger answers with, next to the fields of its event. */
export interface PreTokenAnswer {
  readonly response: {
    readonly claimsAndScopeOverrideDetails: { readonly accessTokenGeneration: TokenChanges };
  };
}

/** A row of the table of members. */
export interface MemberRow {
  readonly tenant?: unknown;
  readonly tier?: unknown;
}

/** What `createPreTokenTrigger` needs. */
export interface PreTokenParts {
  /**
   * Reads the row whose id is that of a user or a machine client; undefined when there is none.
   * @default no token has a tenant
   */
  readonly readMember?: ((id: string) => Promise<MemberRow | undefined>) | undefined;
  /**
   * Whether the token says who it is about in the pools of both regions, which is also the id of the member's row.
   * @default a user is found by `sub`, a machine client by its id
   */
  readonly subjects?: { readonly machineId?: string | undefined } | undefined;
  /** Which scopes each group grants. @default a user may have every scope */
  readonly grants?: Grants | undefined;
  /** Copies the person to the pool of the other region when a token is refreshed; never fails. @default no one is copied */
  readonly copy?: ((event: CopyEvent) => Promise<void>) | undefined;
  /** Is told of a failed read and of a row that is not valid. */
  readonly onFailure: (what: string, error?: unknown) => void;
}

const machineSource = "TokenGeneration_ClientCredentials";
const refreshSource = "TokenGeneration_RefreshTokens";
/**
 * Of a `sub` (a UUID), of a user name at a provider and of a client's id. It has no `#`, so that the id of a tenant's row
 * (`tenant#acme`) is none.
 */
const memberId = /^[\w+.@:-]{1,128}$/;

/**
 * Makes the pre-token trigger of a user pool (V3_0, which also runs for machine clients and for every refresh). It decides
 * what is in the access token:
 *
 * - The claims `tenant_id` and `tier` are those of the member's row alone. A user is found by `sub`, a machine client by its
 *   id; what a client sends (`clientMetadata`) and what a user may write (attributes) is not read. Without a valid row the
 *   token has no tenant, and the authorizer refuses it with 403.
 * - A user's token loses each scope of a service that none of the user's groups grants. Groups are those of the pool, so
 *   that who joins or leaves one has the right scopes with the next token, also a refreshed one. Scopes of OpenID Connect and
 *   Cognito stay. A machine client has the scopes of its own configuration.
 * - The claim `subject`, with a pool in each region: see `subjectOf`. The machine client of the second region stands for
 *   that of the primary one.
 *
 * At a refresh, which is no sign-in, it also copies the person to the other region, or changes their address there: a
 * session may go on for long without a sign-in, and until then a former mailbox would recover the copy. See `createCopy`.
 *
 * **When it fails:** no token is issued, as one without its tenant would be refused until it expires; tokens that were issued
 * before stay valid until they expire. It can fail only where tenants are configured and their table cannot be read: without tenants it
 * asks nothing outside itself, so that a table, a network or a region that is gone keeps no user out. Cognito tries three
 * times, 5 s each, and shows the error's message to the client. It changes nothing, so that it may run any number of times.
 * @throws {Error} without details, from the handler, when the table cannot be read
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
 */
export function createPreTokenTrigger({ readMember, subjects, grants, copy, onFailure }: PreTokenParts) {
  const memberOf = async (id: string | undefined): Promise<Membership | undefined> => {
    if (readMember === undefined || id === undefined || !memberId.test(id)) return undefined;
    const row = await readMember(id).catch((error: unknown) => {
      onFailure("the table of members could not be read", error);
      throw new Error("The tenant could not be read; try again");
    });
    if (row === undefined) return undefined;
    const { tenant, tier } = row;
    if (isTenantName(tenant) && isTenantName(tier)) return { tenant, tier };
    onFailure("a member's row must have a valid tenant and tier; write it again with the tenant command");
    return undefined;
  };
  return async <E extends PreTokenEvent & Partial<CopyEvent>>(event: E): Promise<E | (E & PreTokenAnswer)> => {
    const { triggerSource, callerContext, request } = event;
    const machine = triggerSource === machineSource;
    const person = subjects ? subjectOf(event) : request.userAttributes?.["sub"];
    const id = machine ? (subjects?.machineId ?? callerContext.clientId) : person;
    const copied = triggerSource === refreshSource ? copy?.(event as CopyEvent) : undefined;
    const [member] = await Promise.all([memberOf(id), copied]);
    const withheld = machine || grants === undefined ? [] : grants.withheld(request);
    const claims = {
      ...(member && { tenant_id: member.tenant, tier: member.tier }),
      ...(subjects && id !== undefined && { subject: id }),
    };
    if (Object.keys(claims).length === 0 && withheld.length === 0) return event;
    const accessTokenGeneration: TokenChanges = {
      ...(Object.keys(claims).length > 0 && { claimsToAddOrOverride: claims }),
      ...(withheld.length > 0 && { scopesToSuppress: withheld }),
    };
    return { ...event, response: { claimsAndScopeOverrideDetails: { accessTokenGeneration } } };
  };
}
