import { gatewayResponseHeaders } from "./cors";

/** Body of an answer that the gateway gives itself: the message that API Gateway has for it. */
const message = '{"message":$context.error.messageString}';

/**
 * Returns `x-amazon-apigateway-gateway-responses`: the answers that the gateway gives itself. A refused body says what
 * its validator found; the two kinds of 429 differ in their `code`, so that a client can tell a limit that frees up
 * within a second from a quota that is used up.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export function gatewayResponses(origins: readonly string[]) {
  const responseParameters = gatewayResponseHeaders(origins);
  const answer = (template: string, statusCode?: string) => ({
    ...(statusCode === undefined ? {} : { statusCode }),
    responseParameters,
    responseTemplates: { "application/json": template },
  });
  return {
    DEFAULT_4XX: answer(message),
    DEFAULT_5XX: answer(message),
    BAD_REQUEST_BODY: answer(
      '{"message":$context.error.messageString,"details":"$context.error.validationErrorString"}',
      "400",
    ),
    THROTTLED: answer('{"code":"throttled","message":$context.error.messageString}', "429"),
    QUOTA_EXCEEDED: answer('{"code":"quota_exceeded","message":$context.error.messageString}', "429"),
  };
}
