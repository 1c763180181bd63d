import { compactVerify } from "jose";
import type { Jwks } from "../../jwks";
import type { AuthorizerResult, RestExchange } from "../exchange";
import { GatewayError } from "../gateway-responses";
import { lastValue } from "../headers";
import type { UserPoolAuthorizerModel } from "../methods";

/** A user pool whose tokens are admitted. */
interface Pool {
  readonly issuer: string;
  readonly keys: Jwks;
}

/**
 * An authorizer that asks Cognito user pools: it admits the identity tokens of its pools for methods without scopes, and
 * access tokens with one of the scopes for the others.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enable-cognito-user-pool.html
 */
export class UserPoolAuthorizer {
  private readonly pools: ReadonlyMap<string, Pool>;

  /** @param keysOf  returns the keys of an issuer */
  constructor(
    private readonly model: UserPoolAuthorizerModel,
    keysOf: (issuer: string) => Jwks,
  ) {
    const issuers = model.poolArns.map(issuerOf);
    this.pools = new Map(issuers.map((issuer) => [issuer, { issuer, keys: keysOf(issuer) }]));
  }

  /** @throws {GatewayError} 401 on a token that is not admitted */
  async decide(exchange: RestExchange, scopes: readonly string[]): Promise<AuthorizerResult> {
    const token = (lastValue(exchange.headers, this.model.header) ?? "").replace(/^Bearer /i, "");
    const claims = await this.verified(token);
    const { exp, nbf, token_use: use, scope = "" } = claims;
    if (!(typeof exp === "number" && exp * 1_000 > exchange.clock.wall())) {
      throw new GatewayError("UNAUTHORIZED", "The incoming token has expired");
    }
    // Cognito's own tokens have no nbf.
    if (nbf !== undefined && !(typeof nbf === "number" && nbf * 1_000 <= exchange.clock.wall())) throw unauthorized();
    const granted = String(scope).split(" ");
    const admitted =
      scopes.length === 0 ? use === "id" : use === "access" && scopes.some((each) => granted.includes(each));
    if (!admitted) throw unauthorized();
    return {
      context: { claims: Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, text(value)])) },
    };
  }

  private async verified(token: string): Promise<Record<string, unknown>> {
    try {
      const [head = "", payload = ""] = token.split(".");
      const { kid } = JSON.parse(Buffer.from(head, "base64url").toString());
      const { iss } = JSON.parse(Buffer.from(payload, "base64url").toString());
      const key = await this.pools.get(iss)?.keys.find(String(kid));
      if (key === undefined) throw unauthorized();
      const verified = await compactVerify(token, key, { algorithms: ["RS256"] });
      return JSON.parse(Buffer.from(verified.payload).toString());
    } catch {
      // Which part is wrong is not said.
      throw unauthorized();
    }
  }
}

/** @example issuerOf("arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_a") */
function issuerOf(poolArn: string): string {
  const [, region, id] = /^arn:[^:]+:cognito-idp:([^:]+):\d+:userpool\/(.+)$/.exec(poolArn) ?? [];
  return `https://cognito-idp.${region}.amazonaws.com/${id}`;
}

function text(value: unknown): string {
  if (Array.isArray(value)) return value.join(",");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function unauthorized(): GatewayError {
  return new GatewayError("UNAUTHORIZED", "Unauthorized");
}
