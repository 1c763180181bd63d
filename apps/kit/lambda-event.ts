/** The fields of payload 2.0 and 1.0 events that need care before they become a request. */
export interface LambdaEvent {
  readonly version?: string;
  readonly rawPath?: string;
  readonly path?: string;
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
 * Makes an event mean the same as the request a server would have got. Payload 2.0 has its path decoded, so a `?` or `%` in
 * it would be read as syntax, and begins it with the stage unless that is `$default`. Fetch requests refuse a body on GET.
 */
export function normaliseEvent(event: LambdaEvent): LambdaEvent {
  const method = event.requestContext.http?.method ?? event.httpMethod;
  const bodiless = method === "GET" || method === "HEAD";
  return {
    ...event,
    ...(event.rawPath !== undefined && {
      rawPath: encodePath(withoutStage(event.rawPath, event.requestContext.stage)),
    }),
    ...(bodiless ? { body: null, isBase64Encoded: false } : canonicalBody(event)),
  };
}

/** The adapter fails on base64 that is not canonical; read leniently, nonsense becomes a body that is refused. */
function canonicalBody({ body, isBase64Encoded }: LambdaEvent): Partial<LambdaEvent> {
  return isBase64Encoded && typeof body === "string" ? { body: Buffer.from(body, "base64").toString("base64") } : {};
}

function withoutStage(path: string, stage: string | undefined): string {
  return stage !== undefined && stage !== "$default" && path.startsWith(`/${stage}/`)
    ? path.slice(stage.length + 1)
    : path;
}

/** A lone surrogate has no encoding; the replacement keeps it an id that is refused. */
function encodePath(path: string): string {
  return path
    .split("/")
    .map((segment) => encodeURIComponent(segment.replace(/\p{Surrogate}/gu, "\ufffd")))
    .join("/");
}
