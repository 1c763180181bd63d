import type * as apigatewayv2 from "@pulumi/aws/apigatewayv2";
import { assertNever } from "../../contract/assert-never";
import type { Backend } from "../../contract/backend";
import { timeouts } from "../../traffic/timeouts";
import type { Link } from "../vpc-link";

type Integration = Omit<apigatewayv2.IntegrationArgs, "apiId">;

/**
 * How an HTTP API calls each kind of backend.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html
 */
export function httpIntegration(backend: Backend, link: Link): Integration {
  switch (backend.kind) {
    case "listener":
      return privateIntegration(backend.listenerArn, link);
    case "discovery":
      return privateIntegration(backend.serviceArn, link);
    case "function":
      return {
        integrationType: "AWS_PROXY",
        integrationUri: backend.invokeArn,
        payloadFormatVersion: "2.0",
        timeoutMilliseconds: timeouts.integrationMilliseconds,
      };
    case "url":
      return {
        integrationType: "HTTP_PROXY",
        integrationMethod: "ANY",
        integrationUri: backend.url,
        payloadFormatVersion: "1.0",
        timeoutMilliseconds: timeouts.integrationMilliseconds,
      };
    default:
      return assertNever(backend);
  }
}

/** Listener or Cloud Map service: API Gateway tells them apart by the ARN. */
function privateIntegration(integrationUri: Integration["integrationUri"], link: Link): Integration {
  return {
    integrationType: "HTTP_PROXY",
    integrationMethod: "ANY",
    connectionType: "VPC_LINK",
    connectionId: link.id,
    integrationUri,
    payloadFormatVersion: "1.0",
    timeoutMilliseconds: timeouts.integrationMilliseconds,
    // One id from the gateway's log to the service's; a client's own is overwritten.
    requestParameters: { "overwrite:header.x-request-id": "$context.requestId" },
  };
}
