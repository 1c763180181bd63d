import { matches } from "../../../policy/stack/iam";

/** What IAM knows of a request: the keys that conditions ask for, in lower case. */
type Context = Readonly<Record<string, string>>;

const list = (value: unknown): string[] => (value === undefined ? [] : ([value].flat() as string[]));

/** Operators that the account's policies use; another one fails, so that none is taken as met. */
const operators: Record<string, (wanted: string, got: string) => boolean> = {
  StringEquals: (wanted, got) => wanted === got,
  ArnEquals: matches,
  StringLike: matches,
};

function met(condition: any, context: Context): boolean {
  return Object.entries<any>(condition ?? {}).every(([operator, keys]) => {
    const test = operators[operator];
    if (test === undefined) throw new Error(`operator ${operator} is not known here`);
    return Object.entries<any>(keys).every(([key, wanted]) => {
      const got = context[key.toLowerCase()];
      return got !== undefined && list(wanted).some((value) => test(value, got));
    });
  });
}

function applies(statement: any, action: string, resource: string, context: Context): boolean {
  const among = (patterns: unknown, text: string) => list(patterns).some((pattern) => matches(pattern, text));
  const acts = statement.NotAction ? !among(statement.NotAction, action) : among(statement.Action, action);
  return acts && among(statement.Resource, resource) && met(statement.Condition, context);
}

/**
 * IAM's decision within one account, as far as identity policies go: a denial wins, else something must allow.
 * @param resource  `*` for an action that knows none
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function allows(statements: any[], action: string, resource: string, context: Context = {}): boolean {
  const found = statements.filter((one) => applies(one, action, resource, { ...context }));
  return found.some(({ Effect }) => Effect === "Allow") && !found.some(({ Effect }) => Effect === "Deny");
}
