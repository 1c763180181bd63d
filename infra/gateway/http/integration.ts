import type * as apigatewayv2 from "@pulumi/aws/apigatewayv2";
import type { Input } from "@pulumi/pulumi";
import { assertNever } from "../../contract/assert-never";
import type { Backend } from "../../contract/backend";
import type { RouteSpec } from "../../contract/service";
import { timeouts } from "../../traffic/timeouts";
import { subjectHeader } from "../subject-header";
import type { VpcLinkOutputs } from "../vpc-link";

type Integration = Omit<apigatewayv2.IntegrationArgs, "apiId">;

/** What the integrations of one HTTP API have in common. */
export interface HttpIntegrationContext {
  readonly link: VpcLinkOutputs;
  /**
   * Variable of the subject of a verified token; services read it on routes that verify one, and no others.
   * @example "$context.authorizer.claims.sub"
   */
  readonly subject: string;
}

/**
 * Returns the arguments of the API Gateway integration (VPC link, Lambda or HTTP proxy) through which an HTTP API sends
 * requests to a backend.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html
 */
export function httpIntegration(
  backend: Backend,
  { link, subject }: HttpIntegrationContext,
  route?: Pick<RouteSpec, "scopes" | "serverPath">,
): Integration {
  switch (backend.kind) {
    case "listener":
      return privateIntegration(
        backend.listenerArn,
        { link, subject },
        { host: backend.host, path: route?.serverPath },
      );
    case "discovery":
      return privateIntegration(backend.serviceArn, { link, subject }, { path: route?.serverPath });
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
        requestParameters: { [`overwrite:header.${subjectHeader}`]: subject },
      };
    case "queue":
      return queueIntegration(backend, route?.scopes.length ? subject : undefined);
    default:
      return assertNever(backend);
  }
}

/**
 * Returns the integration that puts the body of a request into a queue. SQS's answer, XML, is passed on with 202.
 * @param caller  variable of who sends it. As the group of the message it reaches the service, and others' messages
 *   do not wait for one caller's
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-aws-services-reference.html
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
 */
function queueIntegration({ url, roleArn }: Extract<Backend, { kind: "queue" }>, caller?: string): Integration {
  return {
    integrationType: "AWS_PROXY",
    integrationSubtype: "SQS-SendMessage",
    credentialsArn: roleArn,
    payloadFormatVersion: "1.0",
    timeoutMilliseconds: timeouts.integrationMilliseconds,
    requestParameters: {
      QueueUrl: url,
      MessageBody: "$request.body",
      ...(caller === undefined ? {} : { MessageGroupId: caller }),
    },
    responseParameters: [{ statusCode: "200", mappings: { "overwrite:statuscode": "202" } }],
  };
}

/**
 * Returns the integration with a listener or a Cloud Map service; API Gateway tells them apart by the ARN.
 * @param sent  host: sent as Host in place of the client's, which stays in the header `forwarded` that API Gateway adds;
 *   path: that of the server, with the parameters of the route
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html Host is not one of
 *   the reserved headers, X-Forwarded-Host is
 */
function privateIntegration(
  integrationUri: Integration["integrationUri"],
  { link, subject }: HttpIntegrationContext,
  { host, path }: { readonly host?: Input<string> | undefined; readonly path?: string | undefined },
): Integration {
  return {
    integrationType: "HTTP_PROXY",
    integrationMethod: "ANY",
    connectionType: "VPC_LINK",
    connectionId: link.id,
    integrationUri,
    payloadFormatVersion: "1.0",
    timeoutMilliseconds: timeouts.integrationMilliseconds,
    // The same id in the logs of gateway and service; an id that the client sends is overwritten.
    requestParameters: {
      "overwrite:header.x-request-id": "$context.requestId",
      [`overwrite:header.${subjectHeader}`]: subject,
      ...(host === undefined ? {} : { "overwrite:header.host": host }),
      ...(path === undefined ? {} : { "overwrite:path": path.replace(/\{(\w+)\}/g, "$request.path.$1") }),
    },
  };
}
