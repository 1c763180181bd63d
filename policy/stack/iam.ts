import { block, blocks, json, list, text, texts } from "./read";

/** A statement of a policy document with every field as a list. */
export interface Statement {
  readonly allow: boolean;
  readonly sid: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  /** `*`, or `AWS:arn:...`, `Service:ec2.amazonaws.com`. */
  readonly principals: readonly string[];
  /** The statement is about every principal but those that NotPrincipal names. */
  readonly notPrincipal: boolean;
  /** Lower-cased condition keys with their operator: `StringEquals aws:sourceaccount`. */
  readonly conditions: readonly string[];
  readonly condition: Readonly<Record<string, any>>;
}

/** Returns the statements of a policy document, given as text or object; none for what is no document. */
export function statements(document: unknown): Statement[] {
  return blocks(json(document)?.["Statement"]).map((statement) => {
    const condition = block(statement["Condition"]);
    return {
      allow: statement["Effect"] !== "Deny",
      sid: text(statement["Sid"]),
      actions: texts(list(statement["Action"])),
      notActions: texts(list(statement["NotAction"])),
      resources: texts(list(statement["Resource"])),
      notResources: texts(list(statement["NotResource"])),
      principals: principalsOf(statement["Principal"]),
      notPrincipal: statement["NotPrincipal"] !== undefined,
      conditions: Object.entries(condition).flatMap(([operator, keys]) =>
        Object.keys(block(keys)).map((key) => `${operator} ${key.toLowerCase()}`),
      ),
      condition,
    };
  });
}

function principalsOf(principal: unknown): string[] {
  if (typeof principal === "string") return [principal];
  return Object.entries(block(principal)).flatMap(([kind, values]) =>
    texts(list(values)).map((one) => `${kind}:${one}`),
  );
}

/**
 * Condition keys that limit a statement to an account, an organization, a network or a resource. `aws:ResourceAccount`
 * is not one of them: in the policy of a resource it is always the account of the resource.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const narrowingKeys: ReadonlySet<string> = new Set([
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principalorgid",
  "aws:principalorgpaths",
  "aws:sourceaccount",
  "aws:sourcearn",
  "aws:sourceip",
  "aws:sourceorgid",
  "aws:sourceorgpaths",
  "aws:sourceowner",
  "aws:sourcevpc",
  "aws:sourcevpcarn",
  "aws:sourcevpce",
  "aws:userid",
  "aws:vpceaccount",
  "aws:vpceorgid",
  "aws:vpceorgpaths",
  "aws:vpcsourceip",
  "kms:calleraccount",
  "s3:dataaccesspointaccount",
  "s3:dataaccesspointarn",
]);

/** Those of them that say who calls, and not on whose behalf. */
export const callerKeys: ReadonlySet<string> = new Set(
  [...narrowingKeys].filter((key) => key.startsWith("aws:principal") || key === "aws:userid"),
);

/** Operators that are true only for the values they name. With IfExists a request without the key passes as well. */
const narrowingOperator =
  /^(ForAnyValue:)?(StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike|IpAddress)$/;

/**
 * Tells whether a condition limits a statement to an account, an organization, a network or a resource.
 * @param keys  the condition keys that count, in lower case
 */
export function isNarrowed({ condition }: Statement, keys: ReadonlySet<string> = narrowingKeys): boolean {
  return Object.entries(condition).some(
    ([operator, values]) =>
      narrowingOperator.test(operator) &&
      Object.entries(block(values)).some(([key, value]) => {
        const named = list(value);
        return keys.has(key.toLowerCase()) && named.length > 0 && named.every(isFixed);
      }),
  );
}

/** Keys that say which resources of an AWS service a statement is about, where its Resource cannot. */
const resourceKey = /:resourcetag\/|^(ecs:cluster|ecs:service|kms:resourcealiases|lambda:functionarn)$/;

/** Tells whether a condition leaves a statement only some resources: those with a tag, or of one cluster. */
export function isLimited({ condition }: Statement): boolean {
  return Object.entries(condition).some(([operator, values]) =>
    Object.entries(block(values)).some(([key, value]) => {
      if (!resourceKey.test(key.toLowerCase())) return false;
      const named = list(value);
      if (operator === "Null") return named.every((one) => String(one) === "false"); // the tag must be there
      return narrowingOperator.test(operator) && named.length > 0 && named.every((one) => !/^[*?]*$/.test(String(one)));
    }),
  );
}

/** Tells whether a value of a condition leaves out most accounts and addresses: `*` and `0.0.0.0/0` do not. */
function isFixed(value: unknown): boolean {
  const given = String(value);
  if (/^[*?]*$/.test(given) || /\/0$/.test(given)) return false;
  const [arn, , service, , account, ...resource] = given.split(":");
  if (arn !== "arn") return true;
  // S3 buckets have no account in their ARN, and no two have the same name: AWS's own examples write arn:aws:s3:*:*:name.
  if (account === "" || service === "s3") return !/^[*?]/.test(resource.join(":"));
  return account !== undefined && !/[*?]/.test(account);
}

/** Tells whether a statement allows every principal, without a condition that narrows it. */
export function isPublic(statement: Statement): boolean {
  return statement.allow && (statement.notPrincipal || isForAll(statement)) && !isNarrowed(statement);
}

function isForAll({ principals }: Statement): boolean {
  return principals.some((one) => one === "*" || one === "AWS:*");
}

/** Tells whether a statement denies every request that does not come over TLS. */
export function deniesPlain(statement: Statement): boolean {
  const insecure = Object.values(statement.condition).some((keys) =>
    Object.entries(block(keys)).some(
      ([key, value]) => key.toLowerCase() === "aws:securetransport" && String(value) === "false",
    ),
  );
  return !statement.allow && insecure && isForAll(statement);
}

/** Matches an action against a pattern such as `logs:*` or `xray:Put*`. */
export function matches(pattern: string, action: string): boolean {
  const source = pattern
    .toLowerCase()
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`).test(action.toLowerCase());
}
