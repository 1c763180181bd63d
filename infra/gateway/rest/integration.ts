import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { assertNever } from "../../contract/assert-never";
import type { Backend, FunctionBackend, ListenerBackend } from "../../contract/backend";
import type { LegacyRouteSpec, RouteSpec } from "../../contract/service";
import { timeouts } from "../../traffic/timeouts";
import { subjectHeader } from "../subject-header";
import type { VpcLinkOutputs } from "../vpc-link";
import { pathParameters } from "./path-parameters";

/** The value of `x-amazon-apigateway-integration` in a REST API's OpenAPI document. */
export type RestIntegration = Readonly<Record<string, Input<unknown>>>;

/** The aliases of a function that a REST API invokes: the one that answers at once, and the one that streams. */
export type InvokedFunction = Pick<FunctionBackend, "invokeArn" | "streamingAliasArn">;

/** What the integrations of one REST API have in common. */
export interface RestIntegrationContext {
  readonly link: VpcLinkOutputs;
  /** The function that sends requests to servers in Cloud Map, which a REST API cannot reach itself. */
  readonly forwarder?: InvokedFunction;
  /**
   * Returns the headers that the gateway sets in each request of a route to a server, as parameters of the integration.
   * @example { "integration.request.header.x-tenant-id": "context.authorizer.tenant" }
   */
  readonly headers: (route: RouteSpec) => Readonly<Record<string, string>>;
}

/**
 * Returns the integration through which a REST API sends the requests of one route to a backend.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html
 * @throws {Error} when the backend is in Cloud Map and there is no forwarder
 */
export function restIntegration(
  backend: Backend,
  route: RouteSpec & Pick<LegacyRouteSpec, "parameters">,
  context: RestIntegrationContext,
): RestIntegration {
  switch (backend.kind) {
    case "listener":
      return privateIntegration(backend, route, context);
    case "discovery":
      if (context.forwarder === undefined) throw new Error(`route ${route.id} needs the forwarder`);
      return functionIntegration(context.forwarder, route);
    case "function":
      return functionIntegration(backend, route);
    case "url": {
      const { requestParameters, ...proxy } = proxyIntegration(route);
      return {
        ...proxy,
        uri: backend.url,
        requestParameters: { ...requestParameters, ...context.headers(route), ...route.parameters },
      };
    }
    case "queue":
      return queueIntegration(backend, route, context);
    default:
      return assertNever(backend);
  }
}

/** A function gets the whole request, and the gateway returns its answer unchanged. */
function functionIntegration({ invokeArn, streamingAliasArn }: InvokedFunction, route: RouteSpec): RestIntegration {
  return {
    type: "aws_proxy",
    httpMethod: "POST",
    uri: route.stream ? streamingInvokeArn(streamingAliasArn) : invokeArn,
    passthroughBehavior: "when_no_match",
    ...transfer(route),
  };
}

/**
 * Returns the integration that puts the body of a request into a queue, by SQS's JSON protocol. The caller is the group of the
 * message, as with an HTTP API.
 * @see https://repost.aws/knowledge-center/api-gateway-rest-api-sqs-errors
 */
function queueIntegration(
  { region, url, roleArn }: Extract<Backend, { kind: "queue" }>,
  route: RouteSpec,
  { headers }: RestIntegrationContext,
): RestIntegration {
  // `escapeJavaScript` also escapes the apostrophe, which JSON does not allow.
  const text = `$util.escapeJavaScript($input.body).replaceAll("\\\\'", "'")`;
  const subject = headers(route)[`integration.request.header.${subjectHeader}`];
  const group =
    route.scopes.length > 0 && subject !== undefined ? `,"MessageGroupId":"$util.escapeJavaScript($${subject})"` : "";
  return {
    type: "aws",
    httpMethod: "POST",
    uri: `arn:aws:apigateway:${region}:sqs:path//`,
    credentials: roleArn,
    passthroughBehavior: "never",
    timeoutInMillis: timeouts.integrationMilliseconds,
    requestParameters: {
      "integration.request.header.Content-Type": "'application/x-amz-json-1.0'",
      "integration.request.header.X-Amz-Target": "'AmazonSQS.SendMessage'",
    },
    requestTemplates: {
      "application/json": pulumi.interpolate`#set($body = ${text})\n{"QueueUrl":"${url}","MessageBody":"$body"${group}}`,
    },
    responses: {
      "2\\d\\d": {
        statusCode: "202",
        responseTemplates: { "application/json": `{"id":"$input.path('$.MessageId')"}` },
      },
      default: {
        statusCode: "503",
        responseTemplates: {
          "application/json": '{"code":"queue_unavailable","message":"The work was not taken on; try again"}',
        },
      },
    },
  };
}

/** Returns the form of an alias's ARN that API Gateway invokes to get an answer as it is made. */
function streamingInvokeArn(aliasArn: Input<string>): Input<string> {
  return pulumi.output(aliasArn).apply((arn) => {
    const region = arn.split(":")[3]!;
    return `arn:aws:apigateway:${region}:lambda:path/2021-11-15/functions/${arn}/response-streaming-invocations`;
  });
}

/**
 * Returns the integration with a listener of the internal balancer. A VPC link of version 2 demands the balancer in
 * `integrationTarget`; the URI gives the listener's port and the Host of the request.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-private-integration.html
 */
function privateIntegration(
  { loadBalancerArn, host, dnsName, port }: ListenerBackend,
  route: RouteSpec,
  { link, headers }: RestIntegrationContext,
): RestIntegration {
  const { requestParameters, ...proxy } = proxyIntegration(route);
  return {
    ...proxy,
    connectionType: "VPC_LINK",
    connectionId: link.id,
    integrationTarget: loadBalancerArn,
    uri: pulumi.interpolate`http://${host ?? dnsName}:${port}${route.serverPath ?? route.path}`,
    requestParameters: {
      ...requestParameters,
      // The same id in the logs of gateway and service; an id that the client sends is replaced.
      "integration.request.header.x-request-id": "context.requestId",
      ...headers(route),
    },
  };
}

function proxyIntegration(route: RouteSpec) {
  return {
    type: "http_proxy",
    httpMethod: route.method,
    passthroughBehavior: "when_no_match",
    ...transfer(route),
    requestParameters: Object.fromEntries(
      pathParameters(route.path).map((name) => [`integration.request.path.${name}`, `method.request.path.${name}`]),
    ),
  };
}

/** Returns whether the gateway waits for the whole answer, and how long it waits for its end. */
function transfer({ stream }: RouteSpec) {
  return stream
    ? { responseTransferMode: "STREAM", timeoutInMillis: timeouts.streamMilliseconds }
    : // Written out: an import that leaves it out does not turn streaming off again.
      { responseTransferMode: "BUFFERED", timeoutInMillis: timeouts.integrationMilliseconds };
}
