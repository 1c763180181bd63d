import * as apigateway from "@pulumi/aws/apigateway";
import * as ec2 from "@pulumi/aws/ec2";
import * as lambda from "@pulumi/aws/lambda";
import * as aws from "@pulumi/aws/provider";
import * as pulumi from "@pulumi/pulumi";
import { capture } from "../../../../../graph/capture/capture";
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
  /** In the policy of an API, `(name)` of an endpoint stands for its id. */
  readonly policy?: string;
  /** A private API; these endpoints have names for it. */
  readonly privateFor?: readonly string[];
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
    /** A private domain, which these endpoints may use; its policy allows all. */
    readonly privateFor?: readonly string[];
    /** Of a private domain, in the place of the one that allows all. */
    readonly policy?: string;
    readonly mappings: readonly { readonly basePath?: string; readonly api: string; readonly stage?: string }[];
  };
  /** VPC endpoints of `execute-api`, by name. */
  readonly endpoints?: Readonly<Record<string, { readonly privateDns?: boolean; readonly policy?: string }>>;
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
  const kind = Object.values(plan.apis).some(({ privateFor }) => privateFor) ? "private" : "rest";
  return { index, model: readRestRegion(index, region, kind) };
}

function program({ apis, domain, endpoints = {}, backend = "http://127.0.0.1:9", plan }: PlannedRegion): void {
  const opts = { provider: new aws.Provider("p", { region }) };
  const link = plan?.(opts) ?? "";
  const ids = createEndpoints(endpoints, opts);
  const made = Object.entries(apis).map(
    ([name, api]) => [name, createApi(name, api, { backend, link, ids }, opts)] as const,
  );
  if (domain === undefined) return;
  const domainName = new apigateway.DomainName(
    "domain",
    domain.privateFor
      ? {
          ...{ domainName: domain.name, certificateArn: "arn:c", endpointConfiguration: { types: "PRIVATE" } },
          policy: withIds(domain.policy ?? openPolicy, ids),
        }
      : { domainName: domain.name, regionalCertificateArn: "arn:c", endpointConfiguration: { types: "REGIONAL" } },
    opts,
  );
  for (const name of domain.privateFor ?? []) {
    const access = { accessAssociationSource: ids[name]!, accessAssociationSourceType: "VPCE" };
    new apigateway.DomainNameAccessAssociation(name, { ...access, domainNameArn: domainName.arn }, opts);
  }
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

const openPolicy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*" }],
});

type EndpointIds = Readonly<Record<string, pulumi.Output<string>>>;

function createEndpoints(
  endpoints: NonNullable<PlannedRegion["endpoints"]>,
  opts: { provider: aws.Provider },
): EndpointIds {
  const entries = Object.entries(endpoints).map(([name, { privateDns = false, policy }]) => {
    const args = { vpcId: "vpc-1", serviceName: `com.amazonaws.${region}.execute-api`, vpcEndpointType: "Interface" };
    const more = { privateDnsEnabled: privateDns, ...(policy && { policy }) };
    return [name, new ec2.VpcEndpoint(name, { ...args, ...more }, opts).id] as const;
  });
  return Object.fromEntries(entries);
}

function withIds(text: string, ids: EndpointIds): pulumi.Output<string> {
  return pulumi
    .output(ids)
    .apply((known) => Object.entries(known).reduce((all, [name, id]) => all.replaceAll(`(${name})`, id), text));
}

interface Named {
  readonly ids: EndpointIds;
  readonly backend: string;
  readonly link: pulumi.Input<string>;
}

function createApi(name: string, plan: PlannedRest, { backend, link, ids }: Named, opts: { provider: aws.Provider }) {
  const uris = { function: functionUri, authorizer: authorizerUri, backend };
  const api = new apigateway.RestApi(
    name,
    {
      body: pulumi.output(link).apply((id) => JSON.stringify(openApi(plan, uris)).replaceAll("(link)", id)),
      ...(plan.binaryMediaTypes && { binaryMediaTypes: [...plan.binaryMediaTypes] }),
      ...(plan.apiKeySource && { apiKeySource: plan.apiKeySource }),
      ...(plan.policy && { policy: withIds(plan.policy, ids) }),
      ...(plan.privateFor && {
        endpointConfiguration: { types: "PRIVATE", vpcEndpointIds: plan.privateFor.map((name) => ids[name]!) },
      }),
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
