/** An answer of the gateway itself, as the API customises it. */
export interface GatewayResponseSettings {
  readonly statusCode: number | undefined;
  /** `gatewayresponse.header.<name>` -> `'text'`, `method.request.<place>.<name>`, `context.x` or `stageVariables.x`. */
  readonly responseParameters: Readonly<Record<string, string>>;
  /** By content type, with variables only. */
  readonly responseTemplates: Readonly<Record<string, string>>;
}

interface Kind {
  readonly status: number;
  /** Value of `x-amzn-ErrorType`. */
  readonly errorType: string;
  /** Whether the body that API Gateway writes by itself has a space after the colon. */
  readonly spaced?: true;
}

/*
 * Where a type is not seen on AWS, its `x-amzn-ErrorType` follows from its name.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
const kinds = {
  ACCESS_DENIED: { status: 403, errorType: "AccessDeniedException" },
  API_CONFIGURATION_ERROR: { status: 500, errorType: "InternalServerErrorException", spaced: true },
  AUTHORIZER_CONFIGURATION_ERROR: { status: 500, errorType: "AuthorizerConfigurationException" },
  AUTHORIZER_FAILURE: { status: 500, errorType: "AuthorizerConfigurationException" },
  BAD_REQUEST_BODY: { status: 400, errorType: "BadRequestException", spaced: true },
  BAD_REQUEST_PARAMETERS: { status: 400, errorType: "BadRequestException", spaced: true },
  EXPIRED_TOKEN: { status: 403, errorType: "ExpiredTokenException" },
  INTEGRATION_FAILURE: { status: 504, errorType: "InternalServerErrorException", spaced: true },
  INTEGRATION_TIMEOUT: { status: 504, errorType: "InternalServerErrorException", spaced: true },
  INVALID_API_KEY: { status: 403, errorType: "ForbiddenException" },
  INVALID_SIGNATURE: { status: 403, errorType: "InvalidSignatureException" },
  MISSING_AUTHENTICATION_TOKEN: { status: 403, errorType: "MissingAuthenticationTokenException" },
  QUOTA_EXCEEDED: { status: 429, errorType: "LimitExceededException" },
  REQUEST_TOO_LARGE: { status: 413, errorType: "RequestTooLargeException" },
  RESOURCE_NOT_FOUND: { status: 404, errorType: "NotFoundException" },
  THROTTLED: { status: 429, errorType: "TooManyRequestsException" },
  UNAUTHORIZED: { status: 401, errorType: "UnauthorizedException" },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, errorType: "BadRequestException", spaced: true },
  WAF_FILTERED: { status: 403, errorType: "ForbiddenException" },
} as const satisfies Record<string, Kind>;

/** A type of answer that the gateway gives itself. */
export type GatewayResponseType = keyof typeof kinds;

/** Every type that an API can customise. */
export const gatewayResponseTypes: readonly string[] = [...Object.keys(kinds), "DEFAULT_4XX", "DEFAULT_5XX"];

/** Returns the status that API Gateway answers a type with unless the API customises it. */
export function defaultStatus(type: GatewayResponseType): number {
  return kinds[type].status;
}

/** Thrown where the gateway answers itself. */
export class GatewayError extends Error {
  readonly status: number;
  readonly errorType: string;
  readonly spaced: boolean;

  /**
   * @param text  the message in the answer; null where API Gateway has none
   * @param details  what differs from the type's own: `validation` is what a validator found
   */
  constructor(
    readonly type: GatewayResponseType,
    readonly text: string | null,
    readonly details: { readonly status?: number; readonly errorType?: string; readonly validation?: string } = {},
  ) {
    super(text ?? type);
    const kind: Kind = kinds[type];
    this.status = details.status ?? kind.status;
    this.errorType = details.errorType ?? kind.errorType;
    this.spaced = kind.spaced === true;
  }
}

/** Makes the error that API Gateway answers with 500, or 502 for a function's malformed answer. */
export function internalError(status?: 502): GatewayError {
  const type = status === undefined ? "API_CONFIGURATION_ERROR" : "INTEGRATION_FAILURE";
  return new GatewayError(type, "Internal server error", status === undefined ? {} : { status });
}

/**
 * Returns how the API customises a type: by the type's own settings, else by the default's of its class. An answer that
 * is too large for the gateway cannot be customised.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
export function settingsOf(
  { type, status }: GatewayError,
  planned: ReadonlyMap<string, GatewayResponseSettings>,
): GatewayResponseSettings | undefined {
  if (type === "REQUEST_TOO_LARGE") return undefined;
  return planned.get(type) ?? planned.get(status < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX");
}

/** Returns the body that API Gateway writes by itself. A policy's denial has its message in `Message`. */
export function defaultBody({ type, text, spaced }: GatewayError): string {
  return `{"${type === "ACCESS_DENIED" ? "Message" : "message"}":${spaced ? " " : ""}${JSON.stringify(text)}}`;
}
