import * as apigatewayv2 from "@pulumi/aws/apigatewayv2";
import * as dynamodb from "@pulumi/aws/dynamodb";
import * as iam from "@pulumi/aws/iam";
import * as lambda from "@pulumi/aws/lambda";
import * as s3 from "@pulumi/aws/s3";
import * as sqs from "@pulumi/aws/sqs";
import { asset, interpolate, jsonStringify } from "@pulumi/pulumi";

/** An API on functions, as the tutorials write it. */
export function orders(): void {
  const table = new dynamodb.Table("orders", {
    hashKey: "id",
    attributes: [{ name: "id", type: "S" }],
    billingMode: "PAY_PER_REQUEST",
  });
  const role = new iam.Role("orders-role", {
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
    }),
  });
  new iam.RolePolicy("orders-policy", {
    role: role.id,
    policy: jsonStringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "dynamodb:*", Resource: table.arn }],
    }),
  });
  const handler = new lambda.Function("orders-handler", {
    role: role.arn,
    runtime: "nodejs18.x",
    handler: "index.handler",
    timeout: 30,
    code: new asset.AssetArchive({ "index.js": new asset.StringAsset("exports.handler = async () => {}") }),
    environment: { variables: { TABLE: table.name, STRIPE_SECRET: "sk_live_0123456789" } },
  });
  const api = new apigatewayv2.Api("orders-api", { protocolType: "HTTP" });
  const integration = new apigatewayv2.Integration("orders-integration", {
    apiId: api.id,
    integrationType: "AWS_PROXY",
    integrationUri: handler.arn,
    payloadFormatVersion: "2.0",
  });
  new apigatewayv2.Route("orders-route", {
    apiId: api.id,
    routeKey: "POST /orders",
    target: interpolate`integrations/${integration.id}`,
  });
  new apigatewayv2.Stage("orders-stage", { apiId: api.id, name: "$default", autoDeploy: true });
  new lambda.Permission("orders-permission", {
    function: handler.name,
    action: "lambda:InvokeFunction",
    principal: "apigateway.amazonaws.com",
  });
  new sqs.Queue("orders-queue");
  new s3.Bucket("orders-receipts", { forceDestroy: true });
}
