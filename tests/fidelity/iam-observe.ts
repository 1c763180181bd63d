import { decide } from "../../local/iam/decision";
import { denialMessage } from "../../local/iam/denial";
import { readPolicy } from "../../local/iam/policy";
import type { Caller } from "../../local/iam/principals";
import type { IamCase, IamPrincipal } from "./iam-cases";

/**
 * Asks the evaluator and returns what can be seen of its decision: `effect`, the kind of policy it is `by`, and when it
 * denies the `message`, with the resource `messageOnResource`.
 */
export async function observeIam({ given = {}, request }: IamCase): Promise<Record<string, unknown>> {
  const { principal, action, resource, resourceAccount, context } = request;
  // Without a policy of its own a REST API lets in everyone whom its authorizers let in.
  const open = action === "execute-api:Invoke" && given.resource === undefined;
  if (open && (principal.type === "anonymous" || principal.type === "authorized")) return { effect: "allow" };
  const caller = callerOf(principal);
  const decision = decide(
    {
      caller,
      action,
      resource,
      ...(resourceAccount && { resourceAccount }),
      ...(context && { context }),
    },
    {
      identity: (given.identity ?? []).map((document) => readPolicy(document, "identity")),
      boundary: given.boundary && readPolicy(given.boundary, "identity"),
      session: given.session ? [readPolicy(given.session, "identity")] : [],
      resource: given.resource && readPolicy(given.resource, "resource"),
      endpoint: given.endpoint && readPolicy(given.endpoint, "endpoint"),
    },
  );
  if (decision.effect === "allow") return { ...decision };
  return {
    ...decision,
    message: denialMessage({ caller, action }, decision),
    messageOnResource: denialMessage({ caller, action, resource }, decision),
  };
}

function callerOf(principal: IamPrincipal): Caller {
  const { type, arn = "", role = "", account = "", service = "", provider = "" } = principal;
  switch (type) {
    case "user":
      return { kind: "user", arn, account };
    case "session":
      return { kind: "session", arn, role, account };
    case "federated":
      return { kind: "federated", arn, account };
    case "root":
      return { kind: "root", account };
    case "service":
      return { kind: "service", service };
    case "web-identity":
      return { kind: "web-identity", provider };
    case "anonymous":
    case "authorized":
      return { kind: "anonymous" };
  }
}
