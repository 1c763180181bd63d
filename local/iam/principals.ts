import { PolicyProblem } from "./pattern";

/** Who sends a request. */
export type Caller =
  | { readonly kind: "user"; readonly arn: string; readonly account: string }
  /** A session of a role; `arn` is that of the session, `role` that of the role with its path. */
  | { readonly kind: "session"; readonly arn: string; readonly role: string; readonly account: string }
  /** A session of GetFederationToken; `user` is the ARN of the user that asked for it. */
  | { readonly kind: "federated"; readonly arn: string; readonly user?: string; readonly account: string }
  | { readonly kind: "root"; readonly account: string }
  /** A service of AWS for itself. @example "sns.amazonaws.com" */
  | { readonly kind: "service"; readonly service: string }
  /** A token of an identity provider, which asks for a role. */
  | { readonly kind: "web-identity"; readonly provider: string }
  | { readonly kind: "anonymous" };

/**
 * How closely a resource policy names a caller. A grant to the account leaves the decision to its identity policies. A grant
 * to the role is limited by its boundary and session policies. A direct one (user, session, everyone) is limited by nothing.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export const closeness = { none: 0, account: 1, role: 2, direct: 3 } as const;
/** One of them: a larger number is closer. */
export type Closeness = (typeof closeness)[keyof typeof closeness];

/** The principals of a statement. */
export interface Principals {
  closenessTo(caller: Caller): Closeness;
  /** Tells whether NotPrincipal with these names leaves a caller out. */
  leaveOut(caller: Caller): boolean;
}

const kinds = ["AWS", "Service", "Federated", "CanonicalUser"];

/** @throws {PolicyProblem} on what names no principals */
export function readPrincipals(document: unknown): Principals {
  const names = document === "*" ? new Map([["AWS", new Set(["*"])]]) : namesOf(document);
  const has = (kind: string, name: string | undefined) => name !== undefined && names.get(kind)?.has(name) === true;
  const account = (id: string) => has("AWS", id) || has("AWS", `root of ${id}`);
  return {
    closenessTo: (caller) => {
      if (has("AWS", "*")) return closeness.direct;
      switch (caller.kind) {
        case "user":
        case "session":
        case "federated":
          if (has("AWS", caller.arn)) return closeness.direct;
          if (has("AWS", behind(caller))) return closeness.role;
          return account(caller.account) ? closeness.account : closeness.none;
        case "root":
          return account(caller.account) ? closeness.direct : closeness.none;
        case "service":
          return has("Service", caller.service) || has("Service", "*") ? closeness.direct : closeness.none;
        case "web-identity":
          return has("Federated", caller.provider) || has("Federated", "*") ? closeness.direct : closeness.none;
        case "anonymous":
          return closeness.none;
      }
    },
    leaveOut: (caller) => {
      if (has("AWS", "*")) return true;
      switch (caller.kind) {
        case "user":
        case "session":
        case "federated": {
          const entity = behind(caller);
          return has("AWS", caller.arn) && account(caller.account) && (entity === undefined || has("AWS", entity));
        }
        case "root":
          return account(caller.account);
        case "service":
          return has("Service", caller.service);
        case "web-identity":
          return has("Federated", caller.provider);
        case "anonymous":
          return false;
      }
    },
  };
}

/** The entity whose permissions a session has. */
function behind(caller: Caller): string | undefined {
  if (caller.kind === "session") return caller.role;
  return caller.kind === "federated" ? caller.user : undefined;
}

function namesOf(document: unknown): Map<string, Set<string>> {
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    throw new PolicyProblem("a principal must be * or an object");
  }
  return new Map(
    Object.entries(document).map(([kind, values]) => {
      if (!kinds.includes(kind)) throw new PolicyProblem(`there are no principals of the kind ${kind}`);
      return [kind, new Set([values].flat().map((name) => nameOf(kind, name)))];
    }),
  );
}

function nameOf(kind: string, name: unknown): string {
  if (typeof name !== "string" || name === "") throw new PolicyProblem("a principal must be a text");
  if (kind !== "AWS" || name === "*") return name;
  if (/[*?]/.test(name)) throw new PolicyProblem(`a principal is named in full, or is *, got ${name}`);
  const [, root] = /^arn:[\w-]+:iam::(\d{12}):root$/.exec(name) ?? [];
  return root === undefined ? name : `root of ${root}`;
}
