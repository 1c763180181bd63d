import { block, blocks, json, list, texts } from "./read";

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
  /** Lower-cased condition keys with their operator: `StringEquals aws:sourceaccount`. */
  readonly conditions: readonly string[];
  readonly condition: Readonly<Record<string, any>>;
}

/** Statements of a policy document, given as text or object; none for what is no document. */
export function statements(document: unknown): Statement[] {
  return blocks(json(document)?.["Statement"]).map((statement) => {
    const condition = block(statement["Condition"]);
    return {
      allow: statement["Effect"] !== "Deny",
      sid: typeof statement["Sid"] === "string" ? statement["Sid"] : "",
      actions: texts(list(statement["Action"])),
      notActions: texts(list(statement["NotAction"])),
      resources: texts(list(statement["Resource"])),
      notResources: texts(list(statement["NotResource"])),
      principals: principalsOf(statement["Principal"]),
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

/** Whether anybody is meant, without a condition that narrows it to an account, organisation, source or endpoint. */
export function isPublic(statement: Statement): boolean {
  const anybody = statement.principals.some((one) => one === "*" || one === "AWS:*");
  const narrowed = statement.conditions.some((key) =>
    /aws:(sourceaccount|sourcearn|sourceowner|principalaccount|principalorgid|principalarn|sourcevpc|sourcevpce|resourceaccount)$/.test(
      key,
    ),
  );
  return statement.allow && anybody && !narrowed;
}

/** Whether a statement denies every request that does not come over TLS. */
export function deniesPlain(statement: Statement): boolean {
  const insecure = Object.values(statement.condition).some(
    (keys) => String(block(keys)["aws:SecureTransport"]) === "false",
  );
  return !statement.allow && insecure && statement.principals.some((one) => one === "*" || one === "AWS:*");
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
