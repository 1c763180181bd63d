import { isTenantName, type Membership } from "../kit/tenant";

/** The event of a user pool's pre-token trigger (V3_0), as far as it is read. */
export interface PreTokenEvent {
  /** `TokenGeneration_ClientCredentials` for a machine client; the other sources are those of a user. */
  readonly triggerSource: string;
  readonly callerContext: { readonly clientId: string };
  readonly request: { readonly userAttributes?: Readonly<Record<string, string>> | null };
  readonly response: unknown;
}

/** The changes to a token that the trigger answers with, next to the fields of its event. */
export interface PreTokenAnswer {
  readonly response: {
    readonly claimsAndScopeOverrideDetails: {
      readonly accessTokenGeneration: {
        readonly claimsToAddOrOverride: { readonly tenant_id: string; readonly tier: string };
      };
    };
  };
}

/** A row of the table of members. */
export interface MemberRow {
  readonly tenant?: unknown;
  readonly tier?: unknown;
}

/** What `createPreTokenTrigger` needs. */
export interface PreTokenParts {
  /** Reads the row whose id is a user's `sub` or the id of a machine client; undefined when there is none. */
  readonly readMember: (id: string) => Promise<MemberRow | undefined>;
  /** Is told of a failed read and of a row that is not valid. */
  readonly onFailure: (what: string, error?: unknown) => void;
}

const machineSource = "TokenGeneration_ClientCredentials";
/** Of a `sub` (a UUID) and of a client's id. It has no `#`, so that the id of a tenant's row (`tenant#acme`) is none. */
const memberId = /^[\w+-]{1,128}$/;

/**
 * Makes the pre-token trigger of a user pool (V3_0, which also runs for machine clients). It writes the claims `tenant_id`
 * and `tier` into the access token of a member:
 *
 * - The tenant is that of the member's row alone. A user is found by `sub`, a machine client by its id; what a client
 *   sends (`clientMetadata`) and what a user may write (attributes) is not read.
 * - Without a valid row the event is returned as it came: the token has no tenant, and the authorizer refuses it with 403.
 * - When the table cannot be read no token is issued, as one without a tenant would be refused until it expires. Cognito
 *   tries three times, and shows the error's message to the client.
 * @throws {Error} without details, from the handler, when the table cannot be read
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
 */
export function createPreTokenTrigger({ readMember, onFailure }: PreTokenParts) {
  const memberOf = async (id: string | undefined): Promise<Membership | undefined> => {
    if (id === undefined || !memberId.test(id)) return undefined;
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
  return async <E extends PreTokenEvent>(event: E): Promise<E | (E & PreTokenAnswer)> => {
    const { triggerSource, callerContext, request } = event;
    const id = triggerSource === machineSource ? callerContext.clientId : request.userAttributes?.["sub"];
    const member = await memberOf(id);
    if (member === undefined) return event;
    const claimsToAddOrOverride = { tenant_id: member.tenant, tier: member.tier };
    return {
      ...event,
      response: { claimsAndScopeOverrideDetails: { accessTokenGeneration: { claimsToAddOrOverride } } },
    };
  };
}
