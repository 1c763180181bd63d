import { evaluatePolicy } from "../../iam/decision";
import { readPolicy } from "../../iam/policy";
import { FunctionFailure, type LocalCompute } from "../../local-compute";
import type { InvokePermission } from "../rest/permissions";
import type { WebSocketAuthorizer } from "./api-model";
import type { AuthorizerContext, ConnectionEvent } from "./upgrade";

/** Whether a connection may be opened; a status refuses it. */
export type ConnectDecision =
  | { readonly kind: "allowed"; readonly context: AuthorizerContext }
  | { readonly kind: "refused"; readonly status: number; readonly type: string; readonly why?: string };

const refused = (status: number, type: string, why?: string): ConnectDecision => ({
  kind: "refused",
  status,
  type,
  ...(why === undefined ? {} : { why }),
});
const unauthorized = refused(401, "UNAUTHORIZED");
const misconfigured = (why: string) => refused(500, "AUTHORIZER_CONFIGURATION_ERROR", why);

/** Asks the function of an authorizer about a connection. A decision is for one connection: none is kept. */
export async function decideOnConnect(
  { id, uri, identitySources }: WebSocketAuthorizer,
  event: ConnectionEvent,
  { compute, mayInvoke }: { readonly compute: LocalCompute; readonly mayInvoke: InvokePermission },
): Promise<ConnectDecision> {
  const { upgrade } = event;
  const { apiId, accountId, region } = upgrade.api;
  // API Gateway does not ask the function without them.
  if (identitySources.some((source) => !upgrade.identity(source))) return unauthorized;
  const api = `arn:aws:execute-api:${region}:${accountId}:${apiId}`;
  if (!mayInvoke(uri, `${api}/authorizers/${id}`)) return misconfigured("Invalid permissions on the function");
  const methodArn = `${api}/${upgrade.stage.name}/$connect`;
  const started = Date.now();
  try {
    const asked = {
      type: "REQUEST",
      methodArn,
      stageVariables: {},
      ...upgrade.requestParts,
      requestContext: event.context,
    };
    return decisionOf(await compute.invoke(uri, asked), methodArn, Date.now() - started);
  } catch (error) {
    if (!(error instanceof FunctionFailure)) throw error;
    return error.payload?.errorMessage === "Unauthorized"
      ? unauthorized
      : refused(500, "AUTHORIZER_FAILURE", error.message);
  }
}

function decisionOf(result: unknown, resource: string, milliseconds: number): ConnectDecision {
  const { principalId, policyDocument, context = {} } = (result ?? {}) as Record<string, any>;
  if (typeof principalId !== "string") return misconfigured("principalId is no text");
  const policy = readPolicy(policyDocument, "identity");
  if (policy.problems.length > 0) return misconfigured(`its policy is none: ${policy.problems[0]}`);
  const request = { caller: { kind: "anonymous" }, action: "execute-api:Invoke", resource, context: {} } as const;
  if (evaluatePolicy(policy, request) !== "allow") return refused(403, "ACCESS_DENIED");
  const values = Object.entries(context as Record<string, unknown>);
  if (values.some(([, value]) => typeof value === "object" && value !== null))
    return misconfigured("a value of context is an object");
  const texts = Object.fromEntries(values.map(([name, value]) => [name, String(value)]));
  return { kind: "allowed", context: { principalId, integrationLatency: milliseconds, ...texts } };
}
