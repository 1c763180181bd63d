import { isLoopbackHost } from "../../ports/hosts";
import type { ApiEndpoint } from "./endpoints";
import type { RestExchange } from "./exchange";
import { lastValue } from "./headers";
import type { RestApiModel, RestRegion } from "./rest-model";
import { byDomain, byStage, forbidden, type Refusal } from "./stage-admission";

/**
 * Finds the private API and the stage of a request, and the endpoint that it comes through: by a private domain, by the name
 * of the endpoint with the API in a header, or by the name of the API, with the endpoint's id or with private DNS.
 * @returns what to refuse it with; undefined when it may go on
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html
 */
export function admitPrivate(exchange: RestExchange, region: RestRegion): Refusal | undefined {
  const { domainName: host, sentPath } = exchange;
  if (region.domains.has(host)) return throughDomain(exchange, region, host);
  if (isLoopbackHost(exchange.req.headers.host ?? "")) return byLoopback(exchange, region);
  const byOwnName = region.endpoints.find(({ hosts }) => hosts.includes(host));
  const found = byOwnName
    ? { endpoint: byOwnName, api: region.apis.get(lastValue(exchange.headers, "x-apigw-api-id") ?? "") }
    : byApiName(region, host);
  if (found?.api === undefined || found.endpoint === undefined || found.api.endpointDisabled) return forbidden;
  exchange.via = { endpoint: found.endpoint };
  return byStage(exchange, found.api, sentPath, "");
}

/** A loopback address stands for the domain of the region's private API, as services of the VPC call it. */
function byLoopback(exchange: RestExchange, region: RestRegion): Refusal | undefined {
  const [domain] = region.domains.keys();
  if (domain !== undefined) return throughDomain(exchange, region, domain);
  const [api] = region.apis.values();
  const [endpoint] = region.endpoints;
  if (api === undefined || endpoint === undefined || region.apis.size !== 1) return forbidden;
  exchange.via = { endpoint };
  return byStage(exchange, api, exchange.sentPath, "");
}

function throughDomain(exchange: RestExchange, region: RestRegion, host: string): Refusal | undefined {
  const domain = region.privateDomains.get(host);
  const endpoint = region.endpoints.find(({ id }) => domain?.endpointIds.includes(id));
  if (domain === undefined || endpoint === undefined) return forbidden;
  exchange.via = { endpoint, domain };
  return byDomain(exchange, region, host);
}

/** `<api>-<endpoint>` works for the endpoints that the API names; `<api>` only where the endpoint has private DNS. */
function byApiName(
  region: RestRegion,
  host: string,
): { endpoint: ApiEndpoint | undefined; api: RestApiModel | undefined } | undefined {
  const [, apiId = "", endpointId] =
    /^([a-z0-9]+)(?:-(vpce-[a-z0-9]+))?\.execute-api\.([a-z0-9-]+)\.amazonaws\.com$/.exec(host) ?? [];
  const api = region.apis.get(apiId);
  if (endpointId === undefined) return { api, endpoint: region.endpoints.find(({ privateDns }) => privateDns) };
  const named = api?.endpointIds.includes(endpointId);
  return { api, endpoint: named ? region.endpoints.find(({ id }) => id === endpointId) : undefined };
}
