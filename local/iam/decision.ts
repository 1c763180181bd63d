import type { Policy, Statement } from "./policy";
import { type Caller, type Closeness, closeness } from "./principals";
import { type ContextValue, RequestContext } from "./request-context";

/** A request that policies are asked about. */
export interface AuthorizationRequest {
  readonly caller: Caller;
  /** @example "dynamodb:GetItem" */
  readonly action: string;
  /** ARN of the resource; `*` for an action that knows none. */
  readonly resource: string;
  /** Account of the resource. @default that of the caller */
  readonly resourceAccount?: string;
  /** Condition keys with their values. */
  readonly context?: Readonly<Record<string, ContextValue | undefined>>;
}

/** The policies that a request meets. */
export interface ApplicablePolicies {
  /** Those of the user and its groups, or of the role. */
  readonly identity?: readonly Policy[];
  /** The permissions boundary of the user or the role. */
  readonly boundary?: Policy | undefined;
  /** Those that the session was asked for with; an empty list is none. */
  readonly session?: readonly Policy[];
  /** That of the resource: also the key policy of a KMS key, and the trust policy of a role. */
  readonly resource?: Policy | undefined;
  /** That of the VPC endpoint which the request came through. */
  readonly endpoint?: Policy | undefined;
}

/** The kind of policy that a decision is by; `trust` is the policy of a role that is to be assumed. */
export type PolicyKind = "identity" | "boundary" | "session" | "resource" | "trust" | "endpoint";

/** What was decided, and which kind of policy it is by: in an implicit denial, the one that does not allow. */
export interface Decision {
  readonly effect: "allow" | "explicit deny" | "implicit deny";
  readonly by: PolicyKind;
  /** Of the statement that denies. */
  readonly sid?: string | undefined;
}

/**
 * Decides whether a caller may do something. A denial in any policy is stronger than every allowance.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function decide(request: AuthorizationRequest, policies: ApplicablePolicies): Decision {
  const asked = { ...request, context: new RequestContext(request.context), bounded: policies.boundary !== undefined };
  const rule = resourceRule(request);
  const results: Results = {
    identity: evaluateAll(policies.identity ?? [], asked),
    boundary: policies.boundary && evaluate(policies.boundary, asked),
    session: policies.session?.length ? evaluateAll(policies.session, asked) : undefined,
    resource: policies.resource && evaluate(policies.resource, asked),
    endpoint: policies.endpoint && evaluate(policies.endpoint, asked),
  };
  const kind = (name: keyof Results): PolicyKind => (name === "resource" && rule === "trust" ? "trust" : name);
  for (const name of kinds) {
    const denial = results[name]?.denial;
    if (denial !== undefined) return { effect: "explicit deny", by: kind(name), sid: denial.sid };
  }
  const missing = missingAllow(request, results, rule);
  if (missing !== undefined) return { effect: "implicit deny", by: kind(missing) };
  return { effect: "allow", by: kind(results.identity.closeness === closeness.none ? "resource" : "identity") };
}

/** What the statements of policies of one kind say. */
export interface Evaluation {
  /** The first statement that denies. */
  readonly denial: Statement | undefined;
  /** How closely what allows names the caller; `none` when nothing allows. */
  readonly closeness: Closeness;
}

interface Results {
  readonly identity: Evaluation;
  readonly boundary: Evaluation | undefined;
  readonly session: Evaluation | undefined;
  readonly resource: Evaluation | undefined;
  readonly endpoint: Evaluation | undefined;
}

const kinds = ["identity", "resource", "boundary", "session", "endpoint"] as const;

interface Asked {
  readonly caller: Caller;
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
  /** The caller has a permissions boundary. */
  readonly bounded: boolean;
}

/** Evaluates one policy by itself, as API Gateway does with that of an authorizer. */
export function evaluatePolicy(policy: Policy, request: AuthorizationRequest): "allow" | "deny" | "silent" {
  const found = evaluate(policy, { ...request, context: new RequestContext(request.context), bounded: false });
  if (found.denial !== undefined) return "deny";
  return found.closeness === closeness.none ? "silent" : "allow";
}

function evaluateAll(policies: readonly Policy[], asked: Asked): Evaluation {
  let allowed: Closeness = closeness.none;
  for (const policy of policies) {
    const found = evaluate(policy, asked);
    if (found.denial !== undefined) return found;
    if (found.closeness > allowed) allowed = found.closeness;
  }
  return { denial: undefined, closeness: allowed };
}

function evaluate(policy: Policy, asked: Asked): Evaluation {
  let allowed: Closeness = closeness.none;
  for (const statement of policy.statements) {
    const found = closenessOf(statement, asked);
    // What allows no more than is allowed already changes nothing.
    if (found === closeness.none || (statement.allow && found <= allowed)) continue;
    if (!statement.covers(asked.action, asked.resource, asked.context)) continue;
    if (!statement.allow) return { denial: statement, closeness: closeness.none };
    allowed = found;
  }
  return { denial: undefined, closeness: allowed };
}

function closenessOf({ principals }: Statement, { caller, bounded }: Asked): Closeness {
  if (principals === undefined) return closeness.direct;
  if (!principals.not) return principals.names.closenessTo(caller);
  // NotPrincipal denies every caller that has a permissions boundary, also those that it names.
  return !bounded && principals.names.leaveOut(caller) ? closeness.none : closeness.direct;
}

/** Keys and roles let in only whom their own policy names; of other resources the caller's identity policy is enough. */
function resourceRule({ action, resource }: AuthorizationRequest): "any" | "key" | "trust" {
  if (/^kms:/i.test(action) && /^arn:[^:]*:kms:.*:key\//.test(resource)) return "key";
  return /^sts:/i.test(action) && /^arn:[^:]*:iam:.*:role\//.test(resource) ? "trust" : "any";
}

/** Returns the first kind of policy that would have to allow the request, and does not. */
function missingAllow(
  { caller, resourceAccount }: AuthorizationRequest,
  results: Results,
  rule: "any" | "key" | "trust",
): keyof Results | undefined {
  const granted = results.resource?.closeness ?? closeness.none;
  const endpoint = silent(results.endpoint) ? "endpoint" : undefined;
  if (caller.kind === "anonymous" || caller.kind === "service" || caller.kind === "web-identity") {
    return granted === closeness.none ? "resource" : endpoint;
  }
  const identity = caller.kind === "root" || results.identity.closeness !== closeness.none;
  const limit = silent(results.boundary) ? "boundary" : silent(results.session) ? "session" : undefined;
  const sameAccount = resourceAccount === undefined || resourceAccount === caller.account;
  if (!sameAccount) {
    if (!identity) return "identity";
    return limit ?? (granted === closeness.none ? "resource" : endpoint);
  }
  if (granted === closeness.direct) return endpoint;
  if (granted === closeness.role) return limit ?? endpoint;
  if (granted === closeness.none && rule !== "any") return "resource";
  return identity ? (limit ?? endpoint) : "identity";
}

function silent(evaluation: Evaluation | undefined): boolean {
  return evaluation !== undefined && evaluation.closeness === closeness.none;
}
