import { callerContext } from "../../../iam/caller-context";
import { type AuthorizationRequest, type Decision, decide, evaluatePolicy } from "../../../iam/decision";
import { denialMessage } from "../../../iam/denial";
import type { CallersByKey, SigningCaller } from "../../../iam/signing-caller";
import { SignatureError, type SignatureErrorType } from "../../../iam/sigv4/signature-error";
import { SignatureVerifier } from "../../../iam/sigv4/signature-verifier";
import type { PrivateDomain } from "../endpoints";
import type { RestExchange } from "../exchange";
import { GatewayError, type GatewayResponseType } from "../gateway-responses";

/** The kinds of answers that refused signatures get; a kind has several names. */
const answers: Readonly<Record<SignatureErrorType, GatewayResponseType>> = {
  MissingAuthenticationTokenException: "MISSING_AUTHENTICATION_TOKEN",
  IncompleteSignatureException: "INVALID_SIGNATURE",
  InvalidSignatureException: "INVALID_SIGNATURE",
  UnrecognizedClientException: "INVALID_SIGNATURE",
  ExpiredTokenException: "EXPIRED_TOKEN",
};

/**
 * Admits signed requests to methods with `AWS_IAM`: verifies the signature, then decides by the policies of the caller and of
 * the API. In one account an allowance of either is enough.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 */
export class IamAuthorizer {
  private readonly verifier: SignatureVerifier<SigningCaller>;

  /** @param now  milliseconds since the epoch */
  constructor(callers: CallersByKey, now: () => number) {
    this.verifier = new SignatureVerifier(callers, now);
  }

  /**
   * @param request  what is asked of policies, as of a caller that is not known
   * @throws {GatewayError} when the signature is refused, or no policy allows the request
   */
  authorize(exchange: RestExchange, request: AuthorizationRequest): void {
    const { caller, identity, boundary } = this.callerOf(exchange);
    const { accountId: resourceAccount, policy: resource } = exchange.api;
    const context = { ...request.context, ...callerContext(caller) };
    const { endpoint, domain } = exchange.via ?? {};
    const asked = { ...request, caller, resourceAccount, context };
    const decision = decide(asked, { identity, boundary, resource, endpoint: endpoint?.policy });
    const refused = decision.effect === "allow" ? domain && refusalOf(domain, asked) : decision;
    if (refused === undefined) return;
    const named = { caller, action: request.action, resource: masked(request.resource) };
    throw new GatewayError("ACCESS_DENIED", denialMessage(named, refused));
  }

  private callerOf({ req, api, body }: RestExchange): SigningCaller {
    const { method = "", url = "", rawHeaders } = req;
    try {
      const accepted = { regions: [api.region], services: ["execute-api"] };
      return this.verifier.verify({ method, url, rawHeaders, body }, accepted).credentials;
    } catch (error) {
      if (!(error instanceof SignatureError)) throw error;
      const text =
        error.type === "MissingAuthenticationTokenException" ? "Missing Authentication Token" : error.message;
      throw new GatewayError(answers[error.type], text, { errorType: error.type });
    }
  }
}

/** A private domain has a policy of its own; without one it lets nothing through. */
function refusalOf({ policy }: PrivateDomain, request: AuthorizationRequest): Decision | undefined {
  const said = policy === undefined ? "silent" : evaluatePolicy(policy, request);
  if (said === "allow") return undefined;
  return { effect: said === "deny" ? "explicit deny" : "implicit deny", by: "resource" };
}

/** Returns an ARN as API Gateway shows it to those that it refuses: four digits of the account are left. */
function masked(arn: string): string {
  return arn.replace(/:\d{8}(\d{4}):/, ":********$1:");
}
