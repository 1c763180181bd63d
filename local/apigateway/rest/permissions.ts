import type { GraphIndex } from "../../../graph/model";
import { arnPattern } from "../../iam/conditions";

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
      comesFrom: outputs["sourceArn"] === undefined ? () => true : arnPattern(String(outputs["sourceArn"])),
    }));
  return (uri, sourceArn) => {
    const [, name = "", qualifier] = /:function:([^:/]+)(?::([^:/]+))?\//.exec(uri) ?? [];
    return permissions.some(
      (each) =>
        functionName(each.function) === name &&
        (each.qualifier === qualifier || each.function.endsWith(`:function:${name}:${qualifier}`)) &&
        each.comesFrom(sourceArn),
    );
  };
}

function functionName(text: string): string {
  return /:function:([^:]+)/.exec(text)?.[1] ?? text.split(":")[0]!;
}
