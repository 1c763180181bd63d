import { type ApplicablePolicies, type AuthorizationRequest, type Decision, decide } from "../../../local/iam/decision";
import { type Attachment, readPolicy } from "../../../local/iam/policy";
import type { Caller } from "../../../local/iam/principals";

export const account = "123456789012";
export const other = "999999999999";
export const user: Caller = { kind: "user", arn: `arn:aws:iam::${account}:user/mia`, account };
export const session: Caller = {
  kind: "session",
  arn: `arn:aws:sts::${account}:assumed-role/reader/one`,
  role: `arn:aws:iam::${account}:role/team/reader`,
  account,
};
export const object = "arn:aws:s3:::shelf/a.txt";

/** A policy document of one statement, or of several. */
export function documentOf(...statements: readonly object[]): object {
  return { Version: "2012-10-17", Statement: statements };
}

export const allow = (more: object = {}) => ({ Effect: "Allow", Action: "*", Resource: "*", ...more });
export const deny = (more: object = {}) => ({ ...allow(more), Effect: "Deny" });

/** Statements by the kind of policy that they are in. */
export interface Given {
  readonly identity?: readonly object[];
  readonly boundary?: readonly object[];
  readonly session?: readonly object[];
  readonly resource?: readonly object[];
  readonly endpoint?: readonly object[];
}

/** Decides with policies of these statements; by default a user reads an object. */
export function decided(given: Given, request: Partial<AuthorizationRequest> = {}): Decision {
  const read = (statements: readonly object[] | undefined, attachment: Attachment) =>
    statements && readPolicy(documentOf(...statements), attachment);
  const { identity, session: own } = given;
  const policies: ApplicablePolicies = {
    identity: identity ? [read(identity, "identity")!] : [],
    boundary: read(given.boundary, "identity"),
    session: own ? [read(own, "identity")!] : [],
    resource: read(given.resource, "resource"),
    endpoint: read(given.endpoint, "endpoint"),
  };
  return decide({ caller: user, action: "s3:GetObject", resource: object, ...request }, policies);
}

/** Effect and kind of policy in one text. @example "allow by identity" */
export function outcome(given: Given, request: Partial<AuthorizationRequest> = {}): string {
  const { effect, by } = decided(given, request);
  return `${effect} by ${by}`;
}
