import type { RestExchange } from "./exchange";
import type { Answer } from "./function-answer";
import { GatewayError } from "./gateway-responses";
import { type HeaderList, lastValue } from "./headers";
import type { MappedParameters } from "./integrations/parameter-mapping";
import { requestValue } from "./request-values";
import { type MethodSettings, settingsOfMethod } from "./stages";

/** AWS's default; the longest is an hour. */
const defaultSeconds = 300;
/** Largest answer that is kept. */
const maxItemBytes = 1_048_576;
/** Most bytes that are kept here, independent of the size of the planned cache. */
const maxBytes = 64 * 1_024 * 1_024;

interface Item {
  readonly answer: Answer;
  readonly until: number;
}

/** What becomes of a request by the cache: an answer that is kept, or where to keep the one that comes. */
export type CacheLookup =
  | { readonly kind: "off" }
  | { readonly kind: "hit"; readonly answer: Answer }
  | { readonly kind: "miss"; readonly key: string; readonly seconds: number; readonly headers: HeaderList };

/**
 * The cache of a stage. An answer belongs to a method and the values of its declared cache key parameters, and to nothing
 * else: what is not declared does not tell answers apart. Errors of an integration are kept like any answer.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html
 */
export class ResponseCache {
  /** Oldest first. */
  private readonly items = new Map<string, Item>();
  private bytes = 0;

  /**
   * Looks for an answer to a request.
   * @throws {GatewayError} 403 when the client may not empty the cache, asks for it, and the stage refuses that
   */
  find(exchange: RestExchange, parameters: MappedParameters): CacheLookup {
    const settings = this.settingsOf(exchange);
    if (settings === undefined) return { kind: "off" };
    const key = keyOf(exchange, parameters);
    const headers = this.invalidate(exchange, key, settings);
    const item = this.items.get(key);
    if (item !== undefined && exchange.clock.monotonic() < item.until) {
      return { kind: "hit", answer: { ...item.answer, headers: [...item.answer.headers, ...headers] } };
    }
    return { kind: "miss", key, seconds: settings.cacheSeconds ?? defaultSeconds, headers };
  }

  /** Keeps an answer. */
  put(exchange: RestExchange, { key, seconds }: { key: string; seconds: number }, answer: Answer): void {
    this.remove(key);
    if (seconds === 0 || answer.body.length > maxItemBytes) return;
    this.items.set(key, { answer, until: exchange.clock.monotonic() + seconds * 1_000 });
    this.bytes += answer.body.length;
    for (const [oldest] of this.items) {
      if (this.bytes <= maxBytes) break;
      this.remove(oldest);
    }
  }

  /** Only GET is cached, unless the method has settings of its own that say so. */
  private settingsOf({ stage, method, httpMethod }: RestExchange): Partial<MethodSettings> | undefined {
    if (!stage.cacheEnabled) return undefined;
    const { path, httpMethod: planned } = method!;
    const settings = settingsOfMethod(stage, path, planned);
    const own = stage.settings.get(`${path} ${planned}`);
    const caching = httpMethod === "GET" ? settings?.caching !== false : own?.caching === true;
    return caching ? (settings ?? {}) : undefined;
  }

  /** A request with `Cache-Control: max-age=0` empties its entry, where that needs no permission. */
  private invalidate(exchange: RestExchange, key: string, settings: Partial<MethodSettings>): HeaderList {
    const control = lastValue(exchange.headers, "cache-control") ?? "";
    if (!/(?:^|,)\s*max-age=0\s*(?:,|$)/i.test(control)) return [];
    if (settings.cacheControlNeedsPermission === false) {
      this.remove(key);
      return [];
    }
    // The permission is one of IAM, execute-api:InvalidateCache, which no caller has here.
    if (settings.refusedCacheControl === "FAIL_WITH_403") throw new GatewayError("ACCESS_DENIED", "Forbidden");
    if (settings.refusedCacheControl === "SUCCEED_WITHOUT_RESPONSE_HEADER") return [];
    return [["Warning", '199 - "Cache-Control header ignored: the caller may not invalidate the cache"']];
  }

  private remove(key: string): void {
    this.bytes -= this.items.get(key)?.answer.body.length ?? 0;
    this.items.delete(key);
  }
}

function keyOf(exchange: RestExchange, parameters: MappedParameters): string {
  const { api, stage, method, httpMethod } = exchange;
  const values = method!.integration.cacheKeyParameters.map((name) => [name, parameterOf(exchange, parameters, name)]);
  return JSON.stringify([api.apiId, stage.name, stage.deploymentId, method!.path, httpMethod, values]);
}

function parameterOf(exchange: RestExchange, parameters: MappedParameters, name: string): string | undefined {
  const [, place, key = ""] = /^integration\.request\.(header|querystring|path)\.(.+)$/.exec(name) ?? [];
  if (place === undefined) return requestValue(exchange, name);
  const list = place === "path" ? Object.entries(parameters.path) : parameters[place as "header" | "querystring"];
  return list
    .filter(([each]) => each === key)
    .map(([, value]) => value)
    .join(",");
}
