import { callerContext } from "../../../iam/caller-context";
import { type AuthorizationRequest, decide } from "../../../iam/decision";
import { denialMessage } from "../../../iam/denial";
import type { Policy } from "../../../iam/policy";
import type { Caller } from "../../../iam/principals";
import { SignatureError, type SignatureErrorType } from "../../../iam/sigv4/signature-error";
import { type Credentials, SignatureVerifier } from "../../../iam/sigv4/signature-verifier";
import type { RestExchange } from "../exchange";
import { GatewayError, type GatewayResponseType } from "../gateway-responses";

/** Who signs requests with credentials, and the policies that come with them. */
export interface SigningCaller extends Credentials {
  readonly caller: Caller;
  /** Those of the user, or of the role. */
  readonly identity: readonly Policy[];
  /** @default no boundary */
  readonly boundary?: Policy;
}

/** Returns who has an access key; undefined for one that does not exist. */
export type CallersByKey = (accessKeyId: string) => SigningCaller | undefined;

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
    const decision = decide({ ...request, caller, resourceAccount, context }, { identity, boundary, resource });
    if (decision.effect === "allow") return;
    const named = { caller, action: request.action, resource: masked(request.resource) };
    throw new GatewayError("ACCESS_DENIED", denialMessage(named, decision));
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

/** Returns an ARN as API Gateway shows it to those that it refuses: four digits of the account are left. */
function masked(arn: string): string {
  return arn.replace(/:\d{8}(\d{4}):/, ":********$1:");
}
