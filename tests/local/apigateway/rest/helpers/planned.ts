import * as apigateway from "@pulumi/aws/apigateway";
import * as lambda from "@pulumi/aws/lambda";
import * as aws from "@pulumi/aws/provider";
import * as pulumi from "@pulumi/pulumi";
import { capture } from "../../../../../graph/capture";
import { GraphIndex } from "../../../../../graph/model";
import { type RestRegion, readRestRegion } from "../../../../../local/apigateway/rest/rest-model";
import { openApi, type PlannedDocument } from "./document";

export const region = "eu-west-1";

export interface PlannedPlan {
  readonly stages?: readonly { readonly stage: string; readonly throttles?: readonly any[] }[];
  readonly quota?: { readonly limit: number; readonly period: "DAY" | "WEEK" | "MONTH"; readonly offset?: number };
  readonly throttle?: { readonly rateLimit: number; readonly burstLimit: number };
}

export interface PlannedRest extends PlannedDocument {
  /** Default `test`. */
  readonly stage?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly stageArgs?: Partial<apigateway.StageArgs>;
  /** By method path, as the provider wants it. */
  readonly settings?: Readonly<Record<string, any>>;
  readonly binaryMediaTypes?: readonly string[];
  readonly apiKeySource?: "HEADER" | "AUTHORIZER";
  readonly policy?: string;
  readonly plan?: PlannedPlan;
  readonly keys?: readonly { readonly value: string; readonly enabled?: boolean; readonly inPlan?: boolean }[];
  /** Whether the function lets API Gateway invoke it. Default true. */
  readonly permitted?: boolean;
}

export interface PlannedRegion {
  /** By name; the first is the API that requests by loopback reach. */
  readonly apis: Readonly<Record<string, PlannedRest>>;
  readonly domain?: {
    readonly name: string;
    readonly mappings: readonly { readonly basePath?: string; readonly api: string; readonly stage?: string }[];
  };
  /** URL of the test's backend. */
  readonly backend?: string;
  /** Plans what integrations name. @returns the id that replaces `(link)` in them */
  readonly plan?: (opts: { provider: aws.Provider }) => pulumi.Input<string>;
}

const uriOf = (name: string, ending = "invocations") =>
  `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/arn:aws:lambda:${region}:123456789012:function:${name}:live/${ending}`;

export const functionUri = uriOf("f");
export const streamingUri = uriOf("f", "response-streaming-invocations");
export const authorizerUri = uriOf("authorizer");

/** Plans REST APIs with real resource classes, and reads them back. */
export async function plannedRegion(plan: PlannedRegion): Promise<{ model: RestRegion; index: GraphIndex }> {
  const index = new GraphIndex(await capture(() => program(plan)));
  return { index, model: readRestRegion(index, region) };
}

function program({ apis, domain, backend = "http://127.0.0.1:9", plan }: PlannedRegion): void {
  const opts = { provider: new aws.Provider("p", { region }) };
  const link = plan?.(opts) ?? "";
  const made = Object.entries(apis).map(
    ([name, api]) => [name, createApi(name, api, { backend, link }, opts)] as const,
  );
  if (domain === undefined) return;
  const domainName = new apigateway.DomainName(
    "domain",
    { domainName: domain.name, regionalCertificateArn: "arn:c", endpointConfiguration: { types: "REGIONAL" } },
    opts,
  );
  domain.mappings.forEach(({ basePath, api, stage }, i) => {
    const restApi = made.find(([name]) => name === api)![1].id;
    const args = {
      domainName: domainName.domainName,
      restApi,
      ...(basePath && { basePath }),
      ...(stage && { stageName: stage }),
    };
    new apigateway.BasePathMapping(`mapping${i}`, args, opts);
  });
}

interface Named {
  readonly backend: string;
  readonly link: pulumi.Input<string>;
}

function createApi(name: string, plan: PlannedRest, { backend, link }: Named, opts: { provider: aws.Provider }) {
  const uris = { function: functionUri, authorizer: authorizerUri, backend };
  const api = new apigateway.RestApi(
    name,
    {
      body: pulumi.output(link).apply((id) => JSON.stringify(openApi(plan, uris)).replaceAll("(link)", id)),
      ...(plan.binaryMediaTypes && { binaryMediaTypes: [...plan.binaryMediaTypes] }),
      ...(plan.apiKeySource && { apiKeySource: plan.apiKeySource }),
      ...(plan.policy && { policy: plan.policy }),
    },
    opts,
  );
  const deployment = new apigateway.Deployment(`${name}-deployment`, { restApi: api.id }, opts);
  const stageName = plan.stage ?? "test";
  const stage = new apigateway.Stage(
    `${name}-stage`,
    {
      restApi: api.id,
      deployment: deployment.id,
      stageName,
      ...(plan.variables && { variables: { ...plan.variables } }),
      ...plan.stageArgs,
    },
    opts,
  );
  for (const [methodPath, settings] of Object.entries(plan.settings ?? {})) {
    const id = `${name}-${methodPath.replaceAll("/", "-")}`;
    new apigateway.MethodSettings(id, { restApi: api.id, stageName: stage.stageName, methodPath, settings }, opts);
  }
  createKeys(name, plan, api, opts);
  if (plan.permitted !== false) {
    const args = { action: "lambda:InvokeFunction", principal: "apigateway.amazonaws.com", qualifier: "live" };
    for (const each of ["f", "authorizer"]) {
      new lambda.Permission(`${name}-${each}`, { ...args, function: each }, opts);
    }
  }
  return api;
}

function createKeys(
  name: string,
  { plan, keys = [] }: PlannedRest,
  api: apigateway.RestApi,
  opts: { provider: aws.Provider },
): void {
  if (plan === undefined) return;
  const { stages = [{ stage: "test" }], quota, throttle } = plan;
  const usagePlan = new apigateway.UsagePlan(
    `${name}-plan`,
    {
      apiStages: stages.map(({ stage, throttles }) => ({
        apiId: api.id,
        stage,
        ...(throttles && { throttles: [...throttles] }),
      })),
      ...(quota && { quotaSettings: quota }),
      ...(throttle && { throttleSettings: throttle }),
    },
    opts,
  );
  keys.forEach(({ value, enabled = true, inPlan = true }, i) => {
    const key = new apigateway.ApiKey(`${name}-key${i}`, { value, enabled }, opts);
    const link = { keyId: key.id, keyType: "API_KEY", usagePlanId: usagePlan.id };
    if (inPlan) new apigateway.UsagePlanKey(`${name}-link${i}`, link, opts);
  });
}
