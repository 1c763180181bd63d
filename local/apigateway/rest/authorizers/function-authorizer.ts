import { type Policy, readPolicy } from "../../../iam/policy";
import { FunctionFailure, type LocalCompute } from "../../../local-compute";
import { restVariable } from "../context-variables";
import type { AuthorizerResult, RestExchange } from "../exchange";
import { requestEvent } from "../function-event";
import { GatewayError } from "../gateway-responses";
import { lastValue } from "../headers";
import type { FunctionAuthorizerModel } from "../methods";
import type { InvokePermission } from "../permissions";

/** What an authorizer's function said, before its policy is evaluated for a method. */
export interface FunctionDecision extends AuthorizerResult {
  readonly policy: Policy;
}

/** Longest time that API Gateway waits for an authorizer. */
const timeoutMilliseconds = 29_000;
const maxResultBytes = 8 * 1_024;
const maxDecisions = 10_000;

/**
 * A Lambda authorizer. Its decisions are kept by stage and identity, all values of the identity sources together: a kept
 * policy is evaluated again for each method.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
 */
export class FunctionAuthorizer {
  /** Oldest first. */
  private readonly decisions = new Map<string, { readonly decision: FunctionDecision; readonly until: number }>();

  constructor(
    private readonly model: FunctionAuthorizerModel,
    private readonly compute: LocalCompute,
    private readonly mayInvoke: InvokePermission,
  ) {}

  /**
   * Returns the decision about the caller of a request.
   * @throws {GatewayError} 401 without an identity, 500 when the function fails or answers what is no decision
   */
  async decide(exchange: RestExchange): Promise<FunctionDecision> {
    const identity = this.identityOf(exchange);
    const now = exchange.clock.monotonic();
    const key = JSON.stringify([exchange.stage.name, ...identity]);
    const known = this.model.ttlSeconds > 0 ? this.decisions.get(key) : undefined;
    if (known !== undefined && now < known.until) return known.decision;
    const decision = await this.ask(exchange, identity);
    if (this.model.ttlSeconds > 0) this.remember(key, decision, now);
    return decision;
  }

  private identityOf(exchange: RestExchange): readonly string[] {
    const { identitySources, validation } = this.model;
    const values = identitySources.map((source) => identityValue(exchange, source));
    if (values.some((value) => value === undefined || value === "")) throw unauthorized();
    if (validation && !validation.test(values[0] ?? "")) throw unauthorized();
    return values as string[];
  }

  private remember(key: string, decision: FunctionDecision, now: number): void {
    this.decisions.delete(key);
    this.decisions.set(key, { decision, until: now + this.model.ttlSeconds * 1_000 });
    if (this.decisions.size > maxDecisions) this.decisions.delete(this.decisions.keys().next().value!);
  }

  private async ask(exchange: RestExchange, [token]: readonly string[]): Promise<FunctionDecision> {
    const { type, uri, name } = this.model;
    const { api, methodArn, clock } = exchange;
    const event =
      type === "TOKEN"
        ? { type, methodArn, authorizationToken: token }
        : { type, methodArn, ...requestEvent(exchange) };
    const source = `arn:aws:execute-api:${api.region}:${api.accountId}:${api.apiId}/authorizers/${name}`;
    if (!this.mayInvoke(uri, source)) throw configurationError(exchange, "Invalid permissions on the function");
    const started = clock.monotonic();
    try {
      const result = await this.invoke(uri, event);
      exchange.authorizerStatus = 200;
      return decisionOf(exchange, result, clock.monotonic() - started);
    } catch (error) {
      throw error instanceof FunctionFailure ? failed(exchange, error) : error;
    } finally {
      exchange.authorizerStartedAt = started;
      exchange.authorizerMilliseconds = clock.monotonic() - started;
    }
  }

  private async invoke(uri: string, event: unknown): Promise<unknown> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new FunctionFailure("timeout", "the authorizer takes too long")),
        timeoutMilliseconds,
      );
    });
    try {
      return await Promise.race([this.compute.invoke(uri, event), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Names of headers may be written in any way here: clients of HTTP/2 write all of them in lower case. */
function identityValue(exchange: RestExchange, source: string): string | undefined {
  const [, place, name = ""] =
    /^(?:method\.request\.)?(header|querystring|stageVariables|context)\.(.+)$/.exec(source) ?? [];
  switch (place) {
    case "header":
      return lastValue(exchange.headers, name);
    case "querystring":
      return exchange.query.findLast(([each]) => each === name)?.[1];
    case "stageVariables":
      return exchange.stageVariables?.[name];
    default:
      return restVariable(name)?.(exchange)?.toString();
  }
}

/** A function says `Unauthorized` by failing with this message; any other failure is an error. */
function failed(exchange: RestExchange, failure: FunctionFailure): GatewayError {
  if (failure.payload?.errorMessage === "Unauthorized") return unauthorized();
  exchange.authorizerError = failure.message;
  return new GatewayError("AUTHORIZER_FAILURE", null);
}

function decisionOf(exchange: RestExchange, result: unknown, milliseconds: number): FunctionDecision {
  const { principalId, policyDocument, context = {}, usageIdentifierKey } = (result ?? {}) as Record<string, any>;
  const wrong = (why: string) => configurationError(exchange, why);
  if (Buffer.byteLength(JSON.stringify(result) ?? "") > maxResultBytes) throw wrong("the answer is over 8 KB");
  if (typeof principalId !== "string") throw wrong("principalId is no text");
  const policy = readPolicy(policyDocument, "identity");
  if (policy.problems.length > 0) throw wrong(`its policy is none: ${policy.problems[0]}`);
  if (typeof context !== "object" || context === null || Array.isArray(context)) throw wrong("context is no object");
  const values = Object.entries(context as object);
  if (values.some(([, value]) => typeof value === "object" && value !== null))
    throw wrong("a value of context is an object");
  const texts = values.filter(([, value]) => value !== null).map(([name, value]) => [name, String(value)]);
  const own = { principalId, integrationLatency: Math.round(milliseconds) };
  return {
    policy,
    context: { ...Object.fromEntries(texts), ...own },
    ...(typeof usageIdentifierKey === "string" && { usageIdentifierKey }),
  };
}

function configurationError(exchange: RestExchange, why: string): GatewayError {
  exchange.authorizerError = why;
  return new GatewayError("AUTHORIZER_CONFIGURATION_ERROR", null);
}

function unauthorized(): GatewayError {
  return new GatewayError("UNAUTHORIZED", "Unauthorized");
}
