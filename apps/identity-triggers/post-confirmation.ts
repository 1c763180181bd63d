import { isTenantName } from "../kit/tenant";
import { domainOf, type OnFailure, type TriggerEvent } from "./event";
import { isExternal, subjectOf } from "./subject";

/** The event of the post confirmation trigger. */
export interface PostConfirmationEvent extends TriggerEvent {
  readonly userPoolId: string;
  readonly userName: string;
}

/** What `createPostConfirmationTrigger` needs. */
export interface PostConfirmationParts {
  /** Puts a user into the group of new people; does nothing when the user is in it. @default no such group */
  readonly joinGroup?:
    | ((user: { readonly userPoolId: string; readonly userName: string }) => Promise<void>)
    | undefined;
  readonly tenants?: NewMembers | undefined;
  /** Copies a user to the pool of the other region; never fails. @default no one is copied, and `sub` is a member's id */
  readonly copy?: ((event: PostConfirmationEvent) => Promise<void>) | undefined;
  readonly onFailure: OnFailure;
}

/** A row of a tenant in the table of members. */
export interface TenantRow {
  readonly tier?: unknown;
  /** `active` or `suspended`; a tenant that is being removed, or was, takes no members. */
  readonly state?: unknown;
}

/** Which people are put into which tenant. */
export interface NewMembers {
  /** Name of a tenant by the e-mail domain of its people. */
  readonly byDomain: ReadonlyMap<string, string>;
  /** Reads the row of a tenant. */
  readonly readTenant: (name: string) => Promise<TenantRow | undefined>;
  /** Makes the row of a member, where there is none yet. */
  readonly add: (member: { readonly id: string; readonly tenant: string; readonly tier: string }) => Promise<void>;
}

/**
 * Makes the post confirmation trigger of a user pool. Who has confirmed a sign-up joins the group of new people, and the
 * tenant of the e-mail domain, if the address was verified here, by no external provider, and the tenant exists. A member
 * of a tenant is never moved to another. With a pool in each region the person is then copied to the other one, see
 * `createCopy`. Who recovers a password is not asked about.
 *
 * **When it fails:** the person is confirmed already and can sign in, though Cognito would show an error. So this one never
 * fails: a group or a tenant that could not be joined raises an alarm, and the person signs in without it, with less than
 * they should have and never more, until an administrator adds them. Both parts do nothing when they are done already, so
 * that it may run any number of times, and neither waits for the other.
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html
 */
export function createPostConfirmationTrigger({ joinGroup, tenants, copy, onFailure }: PostConfirmationParts) {
  const joinTenant = async (event: PostConfirmationEvent): Promise<void> => {
    const { userAttributes } = event.request;
    const id = copy ? subjectOf(event) : userAttributes?.["sub"];
    const domain = domainOf(event.request);
    // Any person may have signed up with an address that is not theirs.
    if (tenants === undefined || !id || domain === undefined || userAttributes?.["email_verified"] !== "true") return;
    // An external provider says of any address that it is verified, also of one of another's tenant.
    if (isExternal(userAttributes)) return;
    const tenant = tenants.byDomain.get(domain);
    if (tenant === undefined) return;
    const row = await tenants.readTenant(tenant);
    if (row === undefined || !isTenantName(row.tier) || (row.state !== "active" && row.state !== "suspended")) {
      return onFailure(`tenant ${tenant} takes no members; add it with the tenant command, then its new member`);
    }
    await tenants.add({ id, tenant, tier: row.tier });
  };
  return async <E extends PostConfirmationEvent>(event: E): Promise<E> => {
    if (event.triggerSource !== "PostConfirmation_ConfirmSignUp") return event;
    const { userPoolId, userName } = event;
    await Promise.all([
      joinGroup?.({ userPoolId, userName }).catch((error: unknown) =>
        onFailure("a new person could not join their group; add them to it", error),
      ),
      joinTenant(event).catch((error: unknown) =>
        onFailure("a new person could not join their tenant; add them with the tenant command", error),
      ),
    ]);
    await copy?.(event);
    return event;
  };
}
