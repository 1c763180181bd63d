import { withoutBasePath } from "./base-path";

/** The fields of a Lambda event (payload 2.0 or 1.0 of API Gateway) that `normaliseEvent` and its callers read. */
export interface LambdaEvent {
  readonly version?: string;
  readonly rawPath?: string;
  readonly path?: string;
  /** Path of the route, of payload 1.0. */
  readonly resource?: string;
  readonly httpMethod?: string;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: {
    readonly stage?: string;
    readonly requestId?: string;
    readonly domainName?: string;
    readonly http?: { readonly method: string };
  };
}

/**
 * Returns the event changed so that it becomes the same request that a server would have got. API Gateway decodes the
 * path of payload 2.0, so that a `?` or `%` in it would be read as syntax: it is encoded again. It also puts the stage
 * before the path, unless the stage is `$default`: the stage is removed, as is the base path of payload 1.0. `Request` of
 * fetch refuses a body on GET and HEAD: the body is removed.
 */
export function normaliseEvent(event: LambdaEvent): LambdaEvent {
  const method = event.requestContext.http?.method ?? event.httpMethod;
  const hasNoBody = method === "GET" || method === "HEAD";
  return {
    ...event,
    ...(event.rawPath !== undefined && {
      rawPath: encodePath(withoutStage(event.rawPath, event.requestContext.stage)),
    }),
    ...(event.path !== undefined && { path: withoutBasePath(event.path, event.resource) }),
    ...(hasNoBody ? { body: null, isBase64Encoded: false } : canonicalBody(event)),
  };
}

/**
 * Returns the body in canonical base64, because Hono's adapter fails on any other. Invalid base64 becomes some other
 * bytes, which the service refuses as invalid JSON.
 */
function canonicalBody({ body, isBase64Encoded }: LambdaEvent): Partial<LambdaEvent> {
  return isBase64Encoded && typeof body === "string" ? { body: Buffer.from(body, "base64").toString("base64") } : {};
}

function withoutStage(path: string, stage: string | undefined): string {
  return stage !== undefined && stage !== "$default" && path.startsWith(`/${stage}/`)
    ? path.slice(stage.length + 1)
    : path;
}

/**
 * Percent-encodes a path. A lone surrogate has no encoding; its replacement is in no valid id, so that it is refused.
 */
function encodePath(path: string): string {
  return path
    .split("/")
    .map((segment) => encodeURIComponent(segment.replace(/\p{Surrogate}/gu, "\ufffd")))
    .join("/");
}
