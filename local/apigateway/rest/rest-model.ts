import type { GraphIndex, PlannedResource } from "../../../graph/model";
import { oneOf, unsupported } from "../../unsupported";
import { refuseUnknownProperties } from "../planned";
import { type DomainMapping, readRestDomains } from "./domains";
import { type ApiEndpoint, type PrivateDomain, readApiEndpoints, readPrivateDomains } from "./endpoints";
import { type InvokePermission, readInvokePermissions } from "./permissions";
import { type RestDefinition, readDefinition } from "./read-definition";
import { type RestStage, readRestStages } from "./stages";
import { type ApiKey, readApiKeys, readUsagePlans, type UsagePlanModel } from "./usage-plan-model";

/** Which APIs a gateway runs: those on the internet, or those that only VPC endpoints reach. */
export type RestKind = "rest" | "private";

/** The REST APIs of one kind in a region, with what decides on their requests. */
export interface RestRegion {
  readonly region: string;
  readonly kind: RestKind;
  readonly apis: ReadonlyMap<string, RestApiModel>;
  /** By custom domain in lower case. */
  readonly domains: ReadonlyMap<string, readonly DomainMapping[]>;
  /** The endpoints of the region's VPCs; none for APIs on the internet, as the next. */
  readonly endpoints: readonly ApiEndpoint[];
  /** By name in lower case. */
  readonly privateDomains: ReadonlyMap<string, PrivateDomain>;
  readonly plans: readonly UsagePlanModel[];
  readonly keys: readonly ApiKey[];
  readonly mayInvoke: InvokePermission;
}

/** One REST API. */
export interface RestApiModel extends RestDefinition {
  readonly apiId: string;
  readonly accountId: string;
  readonly region: string;
  /** `<api id>.execute-api.<region>.amazonaws.com`. */
  readonly endpointHost: string;
  readonly endpointDisabled: boolean;
  /** Of the VPC endpoints that have a name for this API. */
  readonly endpointIds: readonly string[];
  readonly stages: ReadonlyMap<string, RestStage>;
}

const apiType = "aws:apigateway/restApi:RestApi";
/** Resources that a document replaces: the local gateway would not see what they add. */
const notRead = ["resource:Resource", "method:Method", "integration:Integration", "authorizer:Authorizer"];

/** Returns the regions that have a REST API of a kind. */
export function regionsWithRestApis(index: GraphIndex, kind: RestKind): readonly string[] {
  return [...new Set(plannedApis(index, kind).map((api) => api.region!))];
}

function plannedApis(index: GraphIndex, kind: RestKind): readonly PlannedResource[] {
  return index.ofType(apiType).filter((api) => (endpointType(api) === "PRIVATE") === (kind === "private"));
}

/**
 * Reads the REST APIs of a kind in a region.
 * @throws {UserError} on a resource, property or combination on the request path that the local gateway does not support
 */
export function readRestRegion(index: GraphIndex, region: string, kind: RestKind = "rest"): RestRegion {
  const planned = plannedApis(index, kind).filter((api) => api.region === region);
  const isPrivate = kind === "private";
  const apis = new Map(planned.map((api) => [api.outputs["id"] as string, readApi(index, api)]));
  return {
    region,
    kind,
    apis,
    domains: readRestDomains(index, region, new Set(apis.keys())),
    endpoints: isPrivate ? readApiEndpoints(index, region) : [],
    privateDomains: isPrivate ? readPrivateDomains(index, region) : new Map(),
    plans: readUsagePlans(index, region),
    keys: readApiKeys(index, region),
    mayInvoke: readInvokePermissions(index),
  };
}

function readApi(index: GraphIndex, api: PlannedResource): RestApiModel {
  refuseUnknownProperties(api, [
    ...["name", "description", "body", "endpointConfiguration", "disableExecuteApiEndpoint", "failOnWarnings"],
    ...["apiKeySource", "binaryMediaTypes", "policy", "parameters", "putRestApiMode"],
  ]);
  const { id: apiId, executionArn, disableExecuteApiEndpoint } = api.outputs;
  oneOf(api, "endpointConfiguration.types", ["REGIONAL", "EDGE", "PRIVATE", undefined], endpointType(api));
  for (const type of notRead) {
    const [extra] = index.ofType(`aws:apigateway/${type}`).filter(({ outputs }) => outputs["restApi"] === apiId);
    if (extra !== undefined)
      unsupported(extra, "restApi", "an API without a body, as the API's body replaces it,", apiId);
  }
  const [, , , region = "", accountId = ""] = String(executionArn).split(":");
  return {
    ...readDefinition(index, api),
    apiId,
    accountId,
    region,
    endpointHost: `${apiId}.execute-api.${region}.amazonaws.com`,
    endpointDisabled: disableExecuteApiEndpoint === true,
    endpointIds: api.outputs["endpointConfiguration"]?.vpcEndpointIds ?? [],
    stages: readRestStages(index, apiId),
  };
}

function endpointType(api: PlannedResource): string | undefined {
  const types = api.outputs["endpointConfiguration"]?.types;
  return Array.isArray(types) ? types[0] : types;
}
