import type { GraphIndex } from "../model";
import { type Effect, policyEffect, type SignedCall } from "./policy-statements";
import type { Demand, GatewayRoute } from "./routes";
import type { Subject } from "./subjects";

/** What a gateway does with a request before it sends it on. */
export interface Decision {
  /** `admitted` when the request goes on to the service; else the status of the gateway's answer. */
  readonly result: "admitted" | 401 | 403;
  readonly why: string;
}

type Token = Extract<Subject, { kind: "token" }>;
type Signer = Extract<Subject, { kind: "role" | "administrator" }>;
type SignatureDemand = Extract<Demand, { kind: "signature" }>;

const admitted = (why: string): Decision => ({ result: "admitted", why });
const unauthorized = (why: string): Decision => ({ result: 401, why });
const forbidden = (why: string): Decision => ({ result: 403, why });

/** Decides what becomes of requests, from the plan alone. */
export class AccessDecisions {
  private readonly policies: ReadonlyMap<string, readonly unknown[]>;
  private readonly boundaries: ReadonlyMap<string, unknown>;

  constructor(index: GraphIndex) {
    const roles = index.ofType("aws:iam/role:Role");
    const documents = new Map(index.ofType("aws:iam/policy:Policy").map((each) => [each.outputs["arn"], each]));
    const attached = (role: string) =>
      index
        .where("aws:iam/rolePolicyAttachment:RolePolicyAttachment", { role })
        .flatMap(({ outputs }) => documents.get(outputs["policyArn"])?.outputs["policy"] ?? []);
    const own = (role: string) =>
      index.where("aws:iam/rolePolicy:RolePolicy", { role }).map(({ outputs }) => outputs["policy"]);
    this.policies = new Map(
      roles.map(({ outputs }) => [outputs["arn"], [...own(outputs["name"]), ...attached(outputs["name"])]]),
    );
    this.boundaries = new Map(
      roles.flatMap(({ outputs }) => {
        const { arn, permissionsBoundary: boundary } = outputs;
        return boundary ? [[arn, documents.get(boundary)?.outputs["policy"]] as const] : [];
      }),
    );
  }

  /** Decides on one request. */
  decide({ demand }: GatewayRoute, subject: Subject): Decision {
    switch (demand.kind) {
      case "nothing":
        return admitted("the route is open");
      case "signature":
        return subject.kind === "guest" || subject.kind === "token"
          ? forbidden("the request is not signed")
          : this.bySignature(demand, subject);
      default:
        if (subject.kind === "guest") return unauthorized("there is no token");
        return subject.kind === "token" ? byToken(demand, subject) : unauthorized("a signature is no token");
    }
  }

  private bySignature({ api, resource }: SignatureDemand, signer: Signer): Decision {
    const { arn, kind, state } = signer;
    if (state !== "valid") return forbidden(`the signature is refused: ${state}`);
    const account = arn.split(":")[4]!;
    // What policies such a role and its endpoint have is known to their account alone: they are taken to allow it.
    const own = "endpointId" in signer ? signer.endpointId : undefined;
    const context = {
      ...{ "aws:principalarn": arn, "aws:principalaccount": account, "aws:sourcevpce": own ?? api.endpointId },
      "aws:requestedregion": resource.split(":")[3]!,
    };
    const call: SignedCall = { principal: arn, account, resource, context };
    const say = (document: unknown, where: string) => policyEffect(document, call, where);
    const identity = own ? "allow" : this.ownEffect(arn, kind === "administrator", say);
    const boundary = this.boundaries.get(arn);
    const effects: Record<string, Effect> = {
      "the policy of the caller": identity,
      "the policy of the API": api.policy === undefined ? "silent" : say(api.policy, "the policy of the API"),
      "the permissions boundary": boundary === undefined ? "allow" : say(boundary, "the permissions boundary"),
      "the policy of the endpoint":
        own || api.endpointPolicy === undefined ? "allow" : say(api.endpointPolicy, "an endpoint"),
      "the policy of the domain": api.domainPolicy === undefined ? "silent" : say(api.domainPolicy, "a domain"),
    };
    const denying = Object.keys(effects).find((each) => effects[each] === "deny");
    if (denying !== undefined) return forbidden(`${denying} denies it`);
    // In one account an allowance of either side is enough; the others limit.
    const byApi = effects["the policy of the API"] === "allow";
    if (account !== api.account && !byApi)
      return forbidden("the policy of the API does not allow another account's role");
    if (identity !== "allow" && !byApi) return forbidden("no policy allows it");
    const limiting = ["the permissions boundary", "the policy of the endpoint", "the policy of the domain"];
    const silent = limiting.find((each) => effects[each] !== "allow");
    return silent === undefined ? admitted("the policies allow it") : forbidden(`${silent} does not allow it`);
  }

  private ownEffect(arn: string, everything: boolean, say: (document: unknown, where: string) => Effect): Effect {
    if (everything) return "allow";
    const effects = (this.policies.get(arn) ?? []).map((document) => say(document, `a policy of ${arn}`));
    if (effects.includes("deny")) return "deny";
    return effects.includes("allow") ? "allow" : "silent";
  }
}

function byToken(demand: Exclude<Demand, { kind: "nothing" | "signature" }>, token: Token): Decision {
  const { state, use, scopes } = token;
  // A Cognito authorizer of a REST API asks for the pool, not for the client.
  const otherClient = state === "another client" && demand.kind === "user-pool";
  if (state !== "valid" && !otherClient) return unauthorized(`the token is refused: ${state}`);
  const granted = demand.scopes.some((scope) => scopes.includes(scope));
  switch (demand.kind) {
    case "jwt":
      if (demand.scopes.length === 0 || granted) return admitted("the token has what the route asks for");
      return forbidden("the token has none of the scopes");
    case "user-pool":
      if (demand.scopes.length === 0 ? use === "identity" : use === "access" && granted)
        return admitted("the token has what the route asks for");
      return unauthorized("the token is of another use, or has none of the scopes");
    case "tenant":
      return byTenant(demand, token, granted);
  }
}

function byTenant(
  { scopes, key }: Extract<Demand, { kind: "tenant" }>,
  { use, tenant }: Token,
  granted: boolean,
): Decision {
  if (use !== "access") return unauthorized("the token is no access token");
  if (tenant === "none") return forbidden("the token is of no tenant");
  if (!granted && !scopes.includes("")) return forbidden("the token has none of the scopes");
  if (tenant === "suspended" && key) return forbidden("the tenant's key is off");
  return admitted("the token has what the route asks for");
}
