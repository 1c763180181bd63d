import { createHash } from "node:crypto";
import type { TriggerEvent } from "./event";

/** Attribute of a user who was copied from the other region's pool: who that user is there. */
export const subjectAttribute = "custom:subject";

/** What gateways take as a subject, and the table of members as an id. */
const plain = /^[\w.:@+-]{1,128}$/;

/**
 * Returns who a user is in the pools of both regions, the id that data is keyed by:
 *
 * - a copy: the user that it is a copy of. Only an administrator can write that attribute, and only while making a user;
 * - a user of an external provider: the user name, `<provider>_<id at the provider>`, which both pools give by
 *   themselves, or its hash where it has other characters than an id may have;
 * - everyone else: `sub`.
 *
 * @returns undefined for an event without user attributes
 */
export function subjectOf({ userName, request }: Pick<TriggerEvent, "userName" | "request">): string | undefined {
  const { userAttributes } = request;
  if (isExternal(userAttributes)) return userName === undefined || plain.test(userName) ? userName : hashed(userName);
  return userAttributes?.[subjectAttribute] ?? userAttributes?.["sub"];
}

/** Tells whether a user signs in by an external provider. */
export function isExternal(attributes: TriggerEvent["request"]["userAttributes"]): boolean {
  return attributes?.["cognito:user_status"] === "EXTERNAL_PROVIDER";
}

function hashed(userName: string): string {
  // No provider's name has a colon, so that none can name the user of another.
  return `sha256:${createHash("sha256").update(userName).digest("hex")}`;
}
