import type { GraphIndex, PlannedResource } from "../../../graph/model";
import { unsupported } from "../../unsupported";

/** A part of a custom domain's paths that leads to an API. */
export interface DomainMapping {
  /** Segments of the base path; none for the root. */
  readonly basePath: readonly string[];
  readonly apiId: string;
  /** Unset where the client names the stage after the base path. */
  readonly stage: string | undefined;
}

/**
 * Reads the custom domains of a region and where their paths lead, longest base path first.
 * @param apiIds  of the region's REST APIs; other mappings are left out
 * @throws {UserError} on a mapping to a domain that is not planned
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mappings.html
 */
export function readRestDomains(
  index: GraphIndex,
  region: string,
  apiIds: ReadonlySet<string>,
): ReadonlyMap<string, readonly DomainMapping[]> {
  const domains = new Map<string, DomainMapping[]>();
  const add = (mapping: PlannedResource, apiId: string, basePath: string | undefined, stage: string | undefined) => {
    const name = String(mapping.outputs["domainName"]);
    if (!isPlanned(index, region, name)) unsupported(mapping, "domainName", "a planned domain name", name);
    const segments = !basePath || basePath === "(none)" ? [] : basePath.split("/");
    const mappings = domains.get(name.toLowerCase()) ?? [];
    mappings.push({ basePath: segments, apiId, stage: stage || undefined });
    domains.set(name.toLowerCase(), mappings);
  };
  const here = (type: string) => index.ofType(type).filter((each) => each.region === region);
  for (const mapping of here("aws:apigateway/basePathMapping:BasePathMapping")) {
    const { restApi, basePath, stageName } = mapping.outputs;
    if (apiIds.has(restApi)) add(mapping, restApi, basePath, stageName);
  }
  for (const mapping of here("aws:apigatewayv2/apiMapping:ApiMapping")) {
    const { apiId, apiMappingKey, stage } = mapping.outputs;
    if (apiIds.has(apiId)) add(mapping, apiId, apiMappingKey, stage);
  }
  for (const mappings of domains.values()) mappings.sort((a, b) => b.basePath.length - a.basePath.length);
  return domains;
}

function isPlanned(index: GraphIndex, region: string, name: string): boolean {
  const types = ["aws:apigateway/domainName:DomainName", "aws:apigatewayv2/domainName:DomainName"];
  return types.some((type) => index.where(type, { domainName: name }).some((each) => each.region === region));
}
