import { FunctionFailure, type LocalCompute } from "../../local-compute";
import { headerValues } from "../request-headers";
import type { FunctionAuthorizerModel } from "./api-routes";
import type { Exchange } from "./exchange";
import { authorizerEvent } from "./function-event";

/** What an authorizer's function said about a request. */
export type FunctionDecision =
  | { readonly kind: "admitted"; readonly context: Readonly<Record<string, unknown>> }
  /** Answered 403. */
  | { readonly kind: "forbidden" }
  /** Answered 401: there is no identity, or the function said `Unauthorized`. */
  | { readonly kind: "unauthorized" }
  /** Answered 500: the function failed, or its answer is no decision. */
  | { readonly kind: "failed"; readonly why: string };

/** Longest time that API Gateway waits for the authorizer of an HTTP API. */
const timeoutMilliseconds = 10_000;
const maxDecisions = 10_000;

/**
 * A Lambda authorizer of an HTTP API with simple responses. Its decisions are kept by the values of its identity sources,
 * for all routes together unless the route's key is one of them; a failure is not kept.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 */
export class FunctionAuthorizer {
  /** Oldest first. */
  private readonly decisions = new Map<string, { readonly decision: FunctionDecision; readonly until: number }>();

  constructor(
    private readonly model: FunctionAuthorizerModel,
    private readonly compute: LocalCompute,
  ) {}

  async decide(exchange: Exchange): Promise<FunctionDecision> {
    const identity = this.model.identitySources.map((source) => identityValue(exchange, source));
    if (identity.some((value) => value === undefined || value === "")) return { kind: "unauthorized" };
    const key = JSON.stringify([exchange.stage?.name, ...identity]);
    const now = exchange.clock.monotonic();
    const known = this.decisions.get(key);
    if (known !== undefined && now < known.until) return known.decision;
    const decision = await this.ask(exchange, identity as string[]);
    if (this.model.ttlSeconds > 0 && (decision.kind === "admitted" || decision.kind === "forbidden")) {
      this.remember(key, { decision, until: now + this.model.ttlSeconds * 1_000 });
    }
    return decision;
  }

  private remember(key: string, kept: { readonly decision: FunctionDecision; readonly until: number }): void {
    this.decisions.delete(key);
    this.decisions.set(key, kept);
    if (this.decisions.size > maxDecisions) this.decisions.delete(this.decisions.keys().next().value!);
  }

  private async ask(exchange: Exchange, identity: readonly string[]): Promise<FunctionDecision> {
    if (!this.model.permitted) return { kind: "failed", why: "Invalid permissions on the function" };
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new FunctionFailure("timeout", "no decision in time")), timeoutMilliseconds);
    });
    try {
      return decisionOf(
        await Promise.race([this.compute.invoke(this.model.uri, authorizerEvent(exchange, identity)), late]),
      );
    } catch (error) {
      if (!(error instanceof FunctionFailure)) throw error;
      return error.payload?.errorMessage === "Unauthorized"
        ? { kind: "unauthorized" }
        : { kind: "failed", why: error.message };
    } finally {
      clearTimeout(timer);
    }
  }
}

function decisionOf(result: unknown): FunctionDecision {
  const { isAuthorized, context = {} } = (result ?? {}) as Record<string, unknown>;
  if (typeof isAuthorized !== "boolean") return { kind: "failed", why: "isAuthorized is neither true nor false" };
  if (typeof context !== "object" || context === null || Array.isArray(context)) {
    return { kind: "failed", why: "context is no object" };
  }
  return isAuthorized ? { kind: "admitted", context: context as Record<string, unknown> } : { kind: "forbidden" };
}

function identityValue(exchange: Exchange, source: string): string | undefined {
  if (source === "$context.routeKey") return exchange.route?.key;
  const name = /^\$request\.header\.(.+)$/.exec(source)![1]!;
  const values = headerValues(exchange.req, name.toLowerCase());
  return values.length === 0 ? undefined : values.join(",");
}
