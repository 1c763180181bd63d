import * as apigateway from "@pulumi/aws/apigateway";
import * as cognito from "@pulumi/aws/cognito";
import * as dynamodb from "@pulumi/aws/dynamodb";
import * as aws from "@pulumi/aws/provider";
import * as secretsmanager from "@pulumi/aws/secretsmanager";
import type * as pulumi from "@pulumi/pulumi";
import { capture } from "../../../../graph/capture/capture";
import type { Graph } from "../../../../graph/model";

/** Regions of the planned environment; the first is the primary one. */
export const tenantRegions = ["eu-west-1", "eu-central-1"] as const;

type Options = pulumi.CustomResourceOptions;

/**
 * Plans what tenants need, with the outputs that the program has of it: user pool, clients and table of members in the
 * primary region, and in each region a secret and a plan per tier: `free` with a quota, and `premium`.
 * @param more  registers further resources of a region
 */
export function planTenants(more: (region: string, opts: Options) => void = () => {}): Promise<Graph> {
  return capture(() => {
    const outputs = { version: 1, identity: {} as Record<string, object>, edge: {} as Record<string, object> };
    for (const region of tenantRegions) {
      const opts = { provider: new aws.Provider(`${region}-aws`, { region }) };
      if (region === tenantRegions[0]) outputs.identity[region] = identity(region, opts);
      outputs.edge[region] = { tenants: edge(region, opts) };
      more(region, opts);
    }
    return outputs;
  });
}

function identity(region: string, opts: Options) {
  const pool = new cognito.UserPool(`${region}-pool`, { usernameAttributes: ["email"] }, opts);
  const client = (name: string, flow: string) =>
    new cognito.UserPoolClient(
      name,
      {
        userPoolId: pool.id,
        generateSecret: flow === "client_credentials",
        allowedOauthFlowsUserPoolClient: true,
        allowedOauthFlows: [flow],
        callbackUrls: flow === "code" ? ["https://app.example.com/signed-in"] : [],
        accessTokenValidity: 15,
        tokenValidityUnits: { accessToken: "minutes" },
      },
      opts,
    );
  const [web, service] = [client(`${region}-web`, "code"), client(`${region}-service`, "client_credentials")];
  const table = new dynamodb.Table(
    `${region}-members`,
    { name: "members", billingMode: "PAY_PER_REQUEST", hashKey: "id", attributes: [{ name: "id", type: "S" }] },
    opts,
  );
  return { userPoolId: pool.id, clientIds: [web.id, service.id], memberTable: table.name };
}

/** `GET /ping`, which the key of a tenant in the header x-api-key opens. */
const pingDocument = {
  openapi: "3.0.1",
  info: { title: "test", version: "1" },
  paths: {
    "/ping": {
      get: {
        security: [{ key: [] }],
        responses: { "200": { description: "pong" } },
        "x-amazon-apigateway-integration": {
          type: "mock",
          requestTemplates: { "application/json": '{"statusCode": 200}' },
          responses: { default: { statusCode: "200" } },
        },
      },
    },
  },
  components: { securitySchemes: { key: { type: "apiKey", name: "x-api-key", in: "header" } } },
};

function edge(region: string, opts: Options) {
  const api = new apigateway.RestApi(`${region}-rest`, { name: "rest", body: JSON.stringify(pingDocument) }, opts);
  const deployment = new apigateway.Deployment(`${region}-deployment`, { restApi: api.id }, opts);
  const stage = new apigateway.Stage(
    `${region}-stage`,
    { restApi: api.id, deployment: deployment.id, stageName: "live" },
    opts,
  );
  const apiStages = [{ apiId: api.id, stage: stage.stageName }];
  const throttleSettings = { rateLimit: 10, burstLimit: 20 };
  const quotaSettings = { limit: 100, period: "DAY" };
  const free = new apigateway.UsagePlan(`${region}-free`, { apiStages, throttleSettings, quotaSettings }, opts);
  const faster = { rateLimit: 10_000, burstLimit: 5_000 };
  const premium = new apigateway.UsagePlan(`${region}-premium`, { apiStages, throttleSettings: faster }, opts);
  const secret = new secretsmanager.Secret(`${region}-secret`, { name: `${region}-tenants` }, opts);
  return { apiId: api.id, plans: { free: free.id, premium: premium.id }, secretArn: secret.arn };
}
