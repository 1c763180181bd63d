import { evaluatePolicy } from "../../../local/iam/decision";
import { type Policy, readPolicy } from "../../../local/iam/policy";

const caller = { kind: "anonymous" } as const;
/** Each list of statements is asked thousands of times. */
const read = new WeakMap<object, Policy>();

/**
 * IAM's decision within one account, as far as identity policies go: a denial wins, else something must allow.
 * @param resource  `*` for an action that knows none
 * @throws {Error} on statements that AWS would refuse
 */
export function allows(statements: any[], action: string, resource: string, context = {}): boolean {
  const policy = read.get(statements) ?? readPolicy({ Version: "2012-10-17", Statement: statements }, "identity");
  read.set(statements, policy);
  if (policy.problems.length > 0) throw new Error(policy.problems.join("; "));
  return evaluatePolicy(policy, { caller, action, resource, context }) === "allow";
}
