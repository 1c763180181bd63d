import { type AuthorizationRequest, evaluatePolicy } from "../../../iam/decision";
import type { Policy } from "../../../iam/policy";
import type { CallersByKey } from "../../../iam/signing-caller";
import type { LocalCompute } from "../../../local-compute";
import type { Jwks } from "../../jwks";
import type { RestExchange } from "../exchange";
import { GatewayError } from "../gateway-responses";
import { lastValue } from "../headers";
import type { FunctionAuthorizerModel, UserPoolAuthorizerModel } from "../methods";
import type { InvokePermission } from "../permissions";
import { FunctionAuthorizer } from "./function-authorizer";
import { IamAuthorizer } from "./iam-authorizer";
import { UserPoolAuthorizer } from "./user-pool-authorizer";

/** What authorizers ask. */
export interface AuthorizationSources {
  readonly compute: LocalCompute;
  readonly mayInvoke: InvokePermission;
  /** Returns the keys of an issuer. */
  readonly keysOf: (issuer: string) => Jwks;
  readonly callers: CallersByKey;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: (message: string) => void;
}

const denied = "User is not authorized to access this resource";
const explicitlyDenied = `${denied} with an explicit deny in an identity-based policy`;

/**
 * Decides who may call the methods of REST APIs: by the API's own policy, then by the method's authorizer.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 */
export class Authorization {
  private readonly functions = new Map<FunctionAuthorizerModel, FunctionAuthorizer>();
  private readonly pools = new Map<UserPoolAuthorizerModel, UserPoolAuthorizer>();

  private readonly iam: IamAuthorizer;

  constructor(private readonly sources: AuthorizationSources) {
    this.iam = new IamAuthorizer(sources.callers, sources.now);
  }

  /** @throws {GatewayError} when the caller may not call the method */
  async authorize(exchange: RestExchange): Promise<void> {
    const { authorization } = exchange.method!;
    const { policy: own } = exchange.api;
    if (authorization.kind === "iam") {
      this.iam.authorize(exchange, authorizationRequest(exchange));
      return;
    }
    refuseAtDoors(exchange, authorizationRequest(exchange));
    const resource = own && evaluatePolicy(own, authorizationRequest(exchange));
    if (resource === "deny") throw new GatewayError("ACCESS_DENIED", explicitlyDenied);
    switch (authorization.kind) {
      case "none":
        if (resource === "silent") throw anonymousDenied(exchange);
        return;
      case "user-pool": {
        if (resource === "silent") throw anonymousDenied(exchange);
        const { authorizer, scopes } = authorization;
        exchange.authorizer = await this.pool(authorizer).decide(exchange, scopes);
        return;
      }
      case "function": {
        const { policy, ...result } = await this.function(authorization.authorizer).decide(exchange);
        const identity = evaluatePolicy(policy, authorizationRequest(exchange));
        if (identity === "deny") throw new GatewayError("ACCESS_DENIED", explicitlyDenied);
        if (identity === "silent" && resource !== "allow") throw new GatewayError("ACCESS_DENIED", denied);
        exchange.authorizer = result;
      }
    }
  }

  private function(model: FunctionAuthorizerModel): FunctionAuthorizer {
    const { compute, mayInvoke } = this.sources;
    const known = this.functions.get(model) ?? new FunctionAuthorizer(model, compute, mayInvoke);
    this.functions.set(model, known);
    return known;
  }

  private pool(model: UserPoolAuthorizerModel): UserPoolAuthorizer {
    const known = this.pools.get(model) ?? new UserPoolAuthorizer(model, this.sources.keysOf);
    this.pools.set(model, known);
    return known;
  }
}

/** A caller that IAM does not know is anonymous in the policy of an API. */
function authorizationRequest(exchange: RestExchange): AuthorizationRequest {
  return {
    caller: { kind: "anonymous" },
    action: "execute-api:Invoke",
    resource: exchange.methodArn,
    context: {
      "aws:SourceIp": exchange.sourceIp,
      "aws:SecureTransport": "true",
      "aws:RequestedRegion": exchange.api.region,
      "aws:UserAgent": lastValue(exchange.headers, "user-agent"),
      "aws:SourceVpce": exchange.via?.endpoint.id,
      "aws:SourceVpc": exchange.via?.endpoint.vpcId,
    },
  };
}

/**
 * Refuses what the policy of the private domain or of the VPC endpoint does not let pass. Tokens are not known to IAM, so
 * such a caller is anonymous there too.
 */
function refuseAtDoors(exchange: RestExchange, request: AuthorizationRequest): void {
  const { endpoint, domain } = exchange.via ?? {};
  const closed = (policy: Policy | undefined) => policy !== undefined && evaluatePolicy(policy, request) !== "allow";
  if (closed(endpoint?.policy) || (domain !== undefined && (domain.policy === undefined || closed(domain.policy)))) {
    throw anonymousDenied(exchange);
  }
}

function anonymousDenied({ methodArn }: RestExchange): GatewayError {
  const message = `User: anonymous is not authorized to perform: execute-api:Invoke on resource: ${methodArn}`;
  return new GatewayError("ACCESS_DENIED", message);
}
