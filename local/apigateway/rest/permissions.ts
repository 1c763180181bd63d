import type { GraphIndex } from "../../../graph/model";

/** Tells whether a function's own policy lets API Gateway invoke it for a method or an authorizer. */
export type InvokePermission = (uri: string, sourceArn: string) => boolean;

const gatewayPrincipal = "apigateway.amazonaws.com";

/**
 * Reads which functions let API Gateway invoke them, and for what. Lambda refuses every other invocation without a role,
 * which API Gateway answers with 500.
 */
export function readInvokePermissions(index: GraphIndex): InvokePermission {
  const permissions = index
    .ofType("aws:lambda/permission:Permission")
    .filter(({ outputs }) => outputs["principal"] === gatewayPrincipal && outputs["action"] === "lambda:InvokeFunction")
    .map(({ outputs }) => ({
      function: String(outputs["function"]),
      qualifier: outputs["qualifier"] as string | undefined,
      source: outputs["sourceArn"] as string | undefined,
    }));
  return (uri, sourceArn) => {
    const [, name = "", qualifier] = /:function:([^:/]+)(?::([^:/]+))?\//.exec(uri) ?? [];
    return permissions.some(
      (each) =>
        functionName(each.function) === name &&
        (each.qualifier === qualifier || each.function.endsWith(`:function:${name}:${qualifier}`)) &&
        (each.source === undefined || arnMatches(each.source, sourceArn)),
    );
  };
}

function functionName(text: string): string {
  return /:function:([^:]+)/.exec(text)?.[1] ?? text.split(":")[0]!;
}

const maxCompiled = 1_000;
/** What patterns were compiled to; each is asked for every request that meets it. */
const compiled = new Map<string, RegExp>();

/** Tells whether an ARN matches a pattern in which `*` stands for any text and `?` for a character. */
export function arnMatches(pattern: string, arn: string): boolean {
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replace(/\*/g, ".*")
      .replace(/\?/g, ".");
    expression = new RegExp(`^${source}$`, "s");
    // Policies of authorizers may have a pattern of their own for each caller.
    if (compiled.size >= maxCompiled) compiled.clear();
    compiled.set(pattern, expression);
  }
  return expression.test(arn);
}
