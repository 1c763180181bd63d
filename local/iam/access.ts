import { callerContext } from "./caller-context";
import { decide } from "./decision";
import { denialMessage } from "./denial";
import { type Policy, readPolicy } from "./policy";
import type { Caller } from "./principals";
import type { ContextValue } from "./request-context";
import type { CallersByKey, SigningCaller } from "./signing-caller";
import type { SignedRequest } from "./sigv4/canonical-request";
import { SignatureVerifier } from "./sigv4/signature-verifier";

/** What a call of an AWS API asks of policies; a call may ask for several. */
export interface Ask {
  /** @example "dynamodb:GetItem" */
  readonly action: string;
  /** ARN; `*` for an action that knows no resources. */
  readonly resource: string;
  readonly context?: Readonly<Record<string, ContextValue | undefined>>;
  /** Policy of the resource. @default none */
  readonly policy?: Policy | undefined;
}

/** A call that no policy allows, or that one denies, with AWS's message. */
export class AccessDenied extends Error {}

/** Key of the person who runs the platform: it may do everything, as an administrator of the account. */
export const operatorKeys = { accessKeyId: "local", secretAccessKey: "local" };

/** Returns the callers with the operator of the platform. @param account  that of the plan */
export function withOperator(callers: CallersByKey, account: string): CallersByKey {
  const everything = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
  const operator: SigningCaller = {
    ...operatorKeys,
    caller: { kind: "user", arn: `arn:aws:iam::${account}:user/local`, account },
    identity: [readPolicy(everything, "identity")],
  };
  return (accessKeyId) => (accessKeyId === operatorKeys.accessKeyId ? operator : callers(accessKeyId));
}

/**
 * Decides on calls of AWS APIs: who signed them, and whether the policies of the planned role allow what they ask. The
 * condition keys are those of the caller and of a connection with TLS, which clients have on AWS.
 */
export class Access {
  private readonly verifier: SignatureVerifier<SigningCaller>;

  /** @param now  milliseconds since the epoch */
  constructor(callers: CallersByKey, now: () => number = Date.now) {
    this.verifier = new SignatureVerifier(callers, now);
  }

  /**
   * @param service  what the signature must be for, as it names it
   * @param asked  returns what the call asks, of the region that it is signed for; may refuse it before any policy is asked
   * @param regions  those that it may be signed for. @default any
   * @returns who calls, and that region
   * @throws {SignatureError} when the signature is refused
   * @throws {AccessDenied} when something that is asked is not allowed
   */
  check(
    request: SignedRequest,
    service: string,
    asked: (where: Where, caller: Caller) => readonly Ask[],
    regions?: readonly string[],
  ): AllowedCall {
    const accepted = { services: [service], ...(regions && { regions }) };
    const { credentials, region } = this.verifier.verify(request, accepted);
    const { caller } = credentials;
    const account = "account" in caller ? caller.account : "";
    this.decide(credentials, service, { region, account }, asked({ region, account }, caller));
    return { caller, region };
  }

  /**
   * Decides on what a caller asks that did not sign it here, such as a service of AWS.
   * @param account  that of the resources
   * @throws {AccessDenied} when something that is asked is not allowed
   */
  decide(by: AskingCaller, service: string, { region, account }: Where, asks: readonly Ask[]): void {
    const { caller, identity, boundary, endpoints } = by;
    const inRegion = endpoints?.get(service);
    const endpoint = inRegion?.region === region ? inRegion : undefined;
    for (const { action, resource, context, policy } of asks) {
      const more = {
        ...{ "aws:SecureTransport": "true", "aws:RequestedRegion": region, "aws:ResourceAccount": account },
        ...{ "aws:SourceVpce": endpoint?.id, ...callerContext(caller) },
      };
      const decision = decide(
        { caller, action, resource, resourceAccount: account, context: { ...more, ...context } },
        { identity, boundary, resource: policy, endpoint: endpoint?.policy },
      );
      if (decision.effect === "allow") continue;
      const named = resource === "*" ? { caller, action } : { caller, action, resource };
      throw new AccessDenied(denialMessage(named, decision));
    }
  }
}

/** Who asks, with the policies that come with it. */
export type AskingCaller = Pick<SigningCaller, "caller" | "identity" | "boundary" | "endpoints">;

/** A call that may be answered. */
export interface AllowedCall {
  readonly caller: Caller;
  /** Region that it is signed for. */
  readonly region: string;
}

/** Where resources are that a call names. */
export interface Where {
  readonly region: string;
  readonly account: string;
}
