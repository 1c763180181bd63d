import type { GraphIndex, PlannedResource } from "../model";
import { UserError } from "../user-error";

/** A kind of gateway. */
export type GatewayKind = "http" | "rest" | "private" | "websocket";

/** A route of a gateway, and what it demands of a request. */
export interface GatewayRoute {
  readonly gateway: GatewayKind;
  readonly region: string;
  /** Of a WebSocket API `$connect`: nothing else is sent without a connection. */
  readonly method: string;
  /** As clients of the gateway's name write it, with `{parameters}`. @example "/food-store/foods/{id}" */
  readonly path: string;
  readonly demand: Demand;
  /** Header that a token is in, in lower case. @default authorization */
  readonly tokenHeader?: string;
}

/** What a route demands. */
export type Demand =
  | { readonly kind: "nothing" }
  /**
   * A JWT authorizer of an HTTP API: access tokens with one of the scopes; any token of the issuer without scopes. Or the
   * function that decides on the tokens of several issuers, which every route with scopes asks.
   */
  | { readonly kind: "jwt"; readonly scopes: readonly string[] }
  /** A user pool of a REST API: access tokens with one of the scopes, or identity tokens where there are no scopes. */
  | { readonly kind: "user-pool"; readonly scopes: readonly string[] }
  /** The authorizer of tenants: an access token of a member, with one of the scopes unless one of them is empty. */
  | { readonly kind: "tenant"; readonly scopes: readonly string[]; readonly key: boolean }
  /** A signature of a role that the policies let in. */
  | { readonly kind: "signature"; readonly api: PrivateApi; readonly resource: string };

/** The policies that a request to a private API meets, apart from those of its caller. */
export interface PrivateApi {
  readonly account: string;
  readonly policy: unknown;
  readonly domainPolicy: unknown;
  readonly endpointPolicy: unknown;
  readonly endpointId: string;
}

/** Returns every route of every gateway of a plan, in the order of gateways, regions, paths and methods. */
export function routesOf(index: GraphIndex): readonly GatewayRoute[] {
  const routes = [
    ...index.ofType("aws:apigatewayv2/route:Route").flatMap((route) => apiRoute(index, route) ?? []),
    ...index.ofType("aws:apigateway/restApi:RestApi").flatMap((api) => restRoutes(index, api)),
  ];
  const key = ({ gateway, region, path, method }: GatewayRoute) => [gateway, region, path, method].join(" ");
  return routes.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Returns undefined for what only an open connection reaches. */
function apiRoute(index: GraphIndex, route: PlannedResource): GatewayRoute | undefined {
  const { apiId, routeKey } = route.outputs;
  const [api] = index.where("aws:apigatewayv2/api:Api", { id: apiId });
  if (api?.outputs["protocolType"] !== "WEBSOCKET") return httpRoute(index, route);
  return routeKey === "$connect" ? connectRoute(index, route) : undefined;
}

/** A token may open a connection when it may see the changes of one service. */
function connectRoute(index: GraphIndex, { outputs, region }: PlannedResource): GatewayRoute {
  const { authorizationType: type = "NONE", authorizerId: id, routeKey: method } = outputs;
  const at = { gateway: "websocket" as const, region: region!, method, path: "/" };
  if (type === "NONE") return { ...at, demand: { kind: "nothing" } };
  if (type !== "CUSTOM") return refused(method, "authorizationType", type);
  const { authorizerUri, identitySources } = index.one("aws:apigatewayv2/authorizer:Authorizer", { id }).outputs;
  const readers = Object.values<string[]>(JSON.parse(variablesOf(index, authorizerUri)["READERS"]));
  const scopes = readers.some((each) => each.length === 0) ? [] : [...new Set(readers.flat())].sort();
  return { ...at, demand: { kind: "jwt", scopes }, ...inHeader(identitySources[0]) };
}

function httpRoute(index: GraphIndex, { outputs, region }: PlannedResource): GatewayRoute {
  const [method = "", path = ""] = String(outputs["routeKey"]).split(" ");
  const { authorizationType: type = "NONE", authorizationScopes: scopes = [], authorizerId: id } = outputs;
  const at = { gateway: "http" as const, region: region!, method, path };
  if (type === "NONE") return { ...at, demand: { kind: "nothing" } };
  if (type !== "JWT" && type !== "CUSTOM") return refused(outputs["routeKey"], "authorizationType", type);
  const authorizer = index.one("aws:apigatewayv2/authorizer:Authorizer", { id }).outputs;
  const needed = type === "JWT" ? scopes : scopesOfRoute(index, authorizer["authorizerUri"], { method, path });
  return { ...at, demand: { kind: "jwt", scopes: needed }, ...inHeader(authorizer["identitySources"][0]) };
}

/** @param source  identity source of an authorizer @example "$request.header.Authorization" */
function inHeader(source: string): Pick<GatewayRoute, "tokenHeader"> {
  const header = source.replace(/^.*\.header\./, "").toLowerCase();
  return header === "authorization" ? {} : { tokenHeader: header };
}

const methods: readonly string[] = ["get", "put", "post", "delete", "patch", "head", "options"];
const operationMethod = (name: string) =>
  name === "x-amazon-apigateway-any-method" ? "ANY" : methods.includes(name) ? name.toUpperCase() : undefined;

function restRoutes(index: GraphIndex, api: PlannedResource): GatewayRoute[] {
  const document = JSON.parse(api.outputs["body"]);
  const isPrivate = [api.outputs["endpointConfiguration"]?.types].flat().includes("PRIVATE");
  const stages = stagesOf(index, api.outputs["id"]);
  return Object.entries<any>(document.paths).flatMap(([path, item]) =>
    Object.entries<any>(item).flatMap(([name, operation]) => {
      const method = operationMethod(name);
      if (method === undefined) return [];
      return stages.map(({ stage, prefix }) => ({
        ...{ gateway: isPrivate ? ("private" as const) : ("rest" as const), region: api.region!, method },
        path: `${prefix}${path}`,
        demand: restDemand(index, api, document, { stage, method, path, operation }),
        ...tokenHeaderOf(document, operation),
      }));
    }),
  );
}

/** Stages that a name leads to, with the base path of the name. */
function stagesOf(index: GraphIndex, apiId: string): { readonly stage: string; readonly prefix: string }[] {
  const mapped = [
    ...index
      .where("aws:apigatewayv2/apiMapping:ApiMapping", { apiId })
      .map(({ outputs }) => [outputs["stage"], outputs["apiMappingKey"]] as const),
    ...index
      .where("aws:apigateway/basePathMapping:BasePathMapping", { restApi: apiId })
      .map(({ outputs }) => [outputs["stageName"], outputs["basePath"]] as const),
  ];
  const prefixes = new Map(mapped.map(([stage, base]) => [base ? `/${base}` : "", String(stage)]));
  return [...prefixes].map(([prefix, stage]) => ({ stage, prefix }));
}

interface Operation {
  readonly stage: string;
  readonly method: string;
  readonly path: string;
  readonly operation: any;
}

function restDemand(index: GraphIndex, api: PlannedResource, document: any, { operation, ...at }: Operation): Demand {
  const demanded = Object.entries<string[]>((operation.security ?? [])[0] ?? {});
  const schemes = demanded.map(([name, scopes]) => ({ scheme: document.components.securitySchemes[name], scopes }));
  const authorizer = schemes.find(({ scheme }) => scheme["x-amazon-apigateway-authtype"] !== undefined);
  if (authorizer === undefined) return { kind: "nothing" };
  const { scheme, scopes } = authorizer;
  switch (scheme["x-amazon-apigateway-authtype"]) {
    case "cognito_user_pools":
      return { kind: "user-pool", scopes };
    case "awsSigv4":
      return { kind: "signature", ...signatureDemand(index, api, document, at) };
    case "custom": {
      const uri: string = scheme["x-amazon-apigateway-authorizer"].authorizerUri;
      if (!asksForTenants(index, uri)) return { kind: "jwt", scopes: scopesOfRoute(index, uri, at) };
      return { kind: "tenant", scopes: scopesOfRoute(index, uri, at), key: schemes.length > 1 };
    }
    default:
      return refused(`${at.method} ${at.path}`, "authtype", scheme["x-amazon-apigateway-authtype"]);
  }
}

/** Header of the token, from the first of the schemes that an operation demands; the other one is the key's. */
function tokenHeaderOf(document: any, operation: any): Pick<GatewayRoute, "tokenHeader"> {
  const [name] = Object.keys((operation.security ?? [])[0] ?? {});
  return name === undefined ? {} : inHeader(`.header.${document.components.securitySchemes[name].name}`);
}

/** Tells whether an authorizer admits tenants: it then has the secret of their keys. */
function asksForTenants(index: GraphIndex, uri: string): boolean {
  return variablesOf(index, uri)["TENANT_SECRET_ID"] !== undefined;
}

function variablesOf(index: GraphIndex, uri: string): Readonly<Record<string, any>> {
  const [, arn] = /functions\/(arn:[^/]+:function:[^:/]+)/.exec(uri) ?? [];
  return index.one("aws:lambda/function:Function", { arn }).outputs["environment"].variables;
}

/** Scopes by which the authorizer lets a route be used; an empty one stands for every token of a tenant. */
function scopesOfRoute(index: GraphIndex, uri: string, { method, path }: Pick<Operation, "method" | "path">): string[] {
  const variables = variablesOf(index, uri);
  const table = Object.entries<string[]>(JSON.parse(variables.ROUTES));
  return table.filter(([, routes]) => routes.includes(`${method} ${path}`)).map(([scope]) => scope);
}

function signatureDemand(
  index: GraphIndex,
  api: PlannedResource,
  document: any,
  { stage, method, path }: Omit<Operation, "operation">,
) {
  const { id, executionArn } = api.outputs;
  const [own] = index.where("aws:apigateway/restApiPolicy:RestApiPolicy", { restApiId: id });
  const [mapping] = index.where("aws:apigateway/basePathMapping:BasePathMapping", { restApi: id });
  const domain = mapping && index.one("aws:apigateway/domainName:DomainName", byName(mapping));
  const endpointId = document["x-amazon-apigateway-endpoint-configuration"]?.vpcEndpointIds?.[0];
  const endpoint = index.one("aws:ec2/vpcEndpoint:VpcEndpoint", { id: endpointId });
  return {
    resource: `${executionArn}/${stage}/${method}${path.replaceAll(/\{[^}]*\}/g, "x")}`,
    api: {
      account: String(executionArn).split(":")[4]!,
      policy: own?.outputs["policy"] ?? document["x-amazon-apigateway-policy"],
      domainPolicy: domain?.outputs["policy"],
      endpointPolicy: endpoint.outputs["policy"],
      endpointId,
    },
  };
}

function byName({ outputs }: PlannedResource) {
  return { domainName: outputs["domainName"], domainNameId: outputs["domainNameId"] };
}

function refused(route: string, property: string, got: string): never {
  throw new UserError(
    `the table of access cannot be made: route "${route}" has the ${property} ${got}; add it to graph/access/routes.ts`,
  );
}
