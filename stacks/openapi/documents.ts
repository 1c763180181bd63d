import type { ServiceContract } from "../../apps/kit/contract";
import type { JsonSchema, OpenApiDocument } from "../../apps/kit/openapi";
import { MAIN_PATH } from "../../infra/gateway/reference";
import { movedRoutes } from "../config/legacy-routes";
import type { PlatformConfig } from "../config/schema";
import type { ConfiguredService } from "../config/services";
import { type DocumentParts, joinComponents } from "./components";
import type { PublishingGateway } from "./gateway-answers";
import { gatewayRoutes, serviceDocument } from "./service-document";

/** A published document: what API Gateway imports too, with what clients of it need. */
export interface PublishedDocument extends OpenApiDocument {
  readonly servers: readonly { readonly url: string; readonly description: string }[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
}

/** What the documents of an environment are made from. */
export interface DocumentsArgs {
  readonly environment: string;
  readonly config: Pick<
    PlatformConfig,
    "domain" | "gateways" | "issuers" | "regions" | "services" | "signIn" | "tenants" | "tokens"
  >;
  readonly services: readonly ConfiguredService[];
  /** By service name. */
  readonly contracts: Readonly<Record<string, Pick<ServiceContract, "title" | "openApi" | "legacyRoutes">>>;
}

/**
 * Returns the OpenAPI documents of an environment by gateway and path: `/openapi.json` about all services of the gateway,
 * and `/<service>/openapi.json` about each. Everything in them is known before a deployment.
 * @throws {Error} when a route is not in the document of its contract
 */
export function publishedDocuments(
  args: DocumentsArgs,
): Partial<Record<PublishingGateway, Readonly<Record<string, PublishedDocument>>>> {
  const { rest } = args.config.gateways;
  return { http: gatewayDocuments("http", args), ...(rest ? { rest: gatewayDocuments("rest", args) } : {}) };
}

function gatewayDocuments(
  gateway: PublishingGateway,
  { environment, config, services, contracts }: DocumentsArgs,
): Record<string, PublishedDocument> {
  const servers = serversOf(gateway, environment, config);
  const own = services
    .filter(({ gateways }) => gateways[gateway])
    .map((service) => {
      const { name } = service;
      const contract = contracts[name]!.openApi(movedRoutes(contracts[name]!, config.services[name]!));
      const tag = { name, description: contracts[name]!.title };
      const { pool } = config.tokens;
      const parts = serviceDocument({
        ...{ gateway, service, contract, pool },
        tenants: config.tenants !== undefined,
        outside: service.image !== undefined,
      });
      const scopes = gatewayRoutes[gateway](service).flatMap((route) => route.scopes);
      return { tag, parts, scopes, version: contract.info.version };
    });
  type Own = (typeof own)[number];
  const document = (title: string, of: readonly Own[], version: string): PublishedDocument => ({
    openapi: "3.0.3",
    info: { title, version },
    servers,
    tags: of.map(({ tag }) => tag),
    ...join(
      of.map(({ parts }) => parts),
      schemes(
        config,
        of.flatMap(({ scopes }) => scopes),
      ),
    ),
  });
  return {
    [MAIN_PATH]: document(`APIs of ${environment}`, own, "1.0.0"),
    ...Object.fromEntries(
      own.map((each) => [`/${each.tag.name}${MAIN_PATH}`, document(each.tag.description, [each], each.version)]),
    ),
  };
}

function serversOf(gateway: PublishingGateway, environment: string, { domain, gateways }: DocumentsArgs["config"]) {
  const url = `https://${gateway === "http" ? domain.api : gateways.rest!.domain}`;
  const stages = gateway === "rest" ? (gateways.rest!.stages ?? []) : [];
  return [
    { url, description: environment },
    ...stages.map((stage) => ({ url: `${url}/${stage}`, description: `${environment}, stage ${stage}` })),
  ];
}

function join(all: readonly DocumentParts[], securitySchemes: Record<string, JsonSchema>): DocumentParts {
  return {
    paths: Object.assign({}, ...all.map(({ paths }) => paths)),
    components: joinComponents([...all.map(({ components }) => components), { securitySchemes }]),
  };
}

/** Returns the ways in which clients give a token: of the user pool by a sign-in, or as they have it. */
function schemes(
  { signIn, regions, tokens, issuers = {} }: DocumentsArgs["config"],
  all: readonly string[],
): Record<string, JsonSchema> {
  const url = `https://${signIn.domainPrefix}.auth.${regions[0]!.name}.amazoncognito.com`;
  const scopes = Object.fromEntries(
    [...new Set(all)].sort().map((scope) => [scope, scope.replace(/^(.+)\/(.+)$/, "$2 in $1")]),
  );
  const tokenUrl = `${url}/oauth2/token`;
  const authorizationUrl = `${url}/oauth2/authorize`;
  const userPool = {
    type: "oauth2",
    description: "Sign-in of people by code and PKCE, of software by client credentials",
    flows: { authorizationCode: { authorizationUrl, tokenUrl, scopes }, clientCredentials: { tokenUrl, scopes } },
  };
  const from = [...(tokens.pool ? ["the user pool"] : []), ...Object.values(issuers).map(({ issuer }) => issuer)];
  return {
    ...(tokens.pool ? { userPool } : {}),
    accessToken: {
      type: "http",
      scheme: "bearer",
      bearerFormat: "JWT",
      description: `An access token of ${from.join(" or ")}`,
    },
  };
}
