import { at, block, blocks, isTrue, json, text, texts } from "./read";
import type { Resource } from "./resource";
import type { Stack } from "./stack";
import { T } from "./types";
import { peek, UNKNOWN, UnknownInput } from "./unknown";

/** Type tokens of API Gateway that only its rules name. */
export const G = {
  authorizer: "aws:apigateway/authorizer:Authorizer",
  integration: "aws:apigateway/integration:Integration",
  method: "aws:apigateway/method:Method",
  methodSettings: "aws:apigateway/methodSettings:MethodSettings",
  resource: "aws:apigateway/resource:Resource",
  response: "aws:apigateway/response:Response",
  restApiPolicy: "aws:apigateway/restApiPolicy:RestApiPolicy",
  restDomain: "aws:apigateway/domainName:DomainName",
  restStage: "aws:apigateway/stage:Stage",
  usagePlan: "aws:apigateway/usagePlan:UsagePlan",
  usagePlanKey: "aws:apigateway/usagePlanKey:UsagePlanKey",
  apiKey: "aws:apigateway/apiKey:ApiKey",
} as const;

/** A route of an HTTP or WebSocket API, or a method of a REST API, declared as a resource or in an OpenAPI document. */
export interface Operation {
  /** `GET /orders/{id}`, `$connect`; a path whose beginning the program does not tell starts with `...`. */
  readonly key: string;
  /** `NONE`, or who checks the caller: `JWT`, `AWS_IAM`, `CUSTOM`, `COGNITO_USER_POOLS`. */
  readonly authorization: string;
  readonly scopes: readonly string[];
  /** Whether a REST method asks for an API key. */
  readonly apiKey: boolean;
  /** Whether a validator checks the request. */
  readonly validated: boolean;
  /** Whether the request has a body that a model describes. */
  readonly hasModel: boolean;
}

/** The operation that a route or a method resource declares. */
export function operationOf(resource: Resource, stack: Stack): Operation {
  const { props } = resource;
  const authorization = text(props["authorizationType"] ?? props["authorization"]) || "NONE";
  const validator = peek(() => props["requestValidatorId"]);
  return {
    key: resource.type === G.method ? methodKey(resource, stack) : text(props["routeKey"]),
    authorization,
    get scopes() {
      return texts(props["authorizationScopes"]);
    },
    get apiKey() {
      return isTrue(props["apiKeyRequired"]);
    },
    validated: validator === UNKNOWN || (validator !== undefined && validator !== ""),
    get hasModel() {
      return Object.keys(block(props["requestModels"])).length > 0;
    },
  };
}

/** `GET /orders/{id}`, with the path from the chain of resources that a method or its integration is on. */
export function methodKey(method: Resource, stack: Stack): string {
  const parts: string[] = [];
  let isRooted = false;
  let holder: Resource = method;
  let property = "resourceId";
  // A chain that leads back to itself ends here; API Gateway allows 300 resources in an API.
  for (let depth = 0; depth < 300; depth++) {
    const [parent] = stack.targets(holder, property, G.resource);
    if (parent === undefined) {
      isRooted = isRoot(holder, property, stack);
      break;
    }
    parts.unshift(text(parent.props["pathPart"]));
    [holder, property] = [parent, "parentId"];
  }
  return `${text(method.props["httpMethod"])} ${isRooted ? "/" : ".../"}${parts.join("/")}`;
}

/** Whether a property names the root of an API: it was made from the API itself, or has the root's id. */
function isRoot(holder: Resource, property: string, stack: Stack): boolean {
  if (stack.dependencies(holder, property, [T.restApi]).length > 0) return true;
  const id = peek(() => text(holder.props[property]));
  if (id === UNKNOWN || id === "") return false;
  return stack.of(T.restApi).some((api) => peek(() => api.props["rootResourceId"]) === id);
}

const VALIDATOR = "x-amazon-apigateway-request-validator";
const VERBS = ["get", "put", "post", "delete", "options", "head", "patch", "x-amazon-apigateway-any-method"];

/**
 * The operations that an API's OpenAPI document declares; none for an API without a document.
 * @throws {UnknownInput} when the document is not known, or is YAML, which the pack does not read
 */
export function operationsInBody(api: Resource): Operation[] {
  const document = documentOf(api);
  return methodsIn(document).map(({ verb, path, operation }) => operationInBody(verb, path, operation, document));
}

/**
 * The integrations that an API's OpenAPI document declares, in the order of its operations.
 * @throws {UnknownInput} as `operationsInBody`
 */
export function integrationsInBody(api: Resource): Record<string, any>[] {
  return methodsIn(documentOf(api)).map(({ operation }) => block(operation["x-amazon-apigateway-integration"]));
}

/**
 * The authorizers that an API's OpenAPI document declares, by the name of their scheme.
 * @throws {UnknownInput} as `operationsInBody`
 */
export function authorizersInBody(api: Resource): [string, Record<string, any>][] {
  return Object.entries(schemesIn(documentOf(api)))
    .map(([name, scheme]): [string, Record<string, any>] => [
      name,
      block(block(scheme)["x-amazon-apigateway-authorizer"]),
    ])
    .filter(([, authorizer]) => text(authorizer["type"]) !== "");
}

function methodsIn(document: Record<string, any>) {
  return Object.entries(block(document["paths"])).flatMap(([path, item]) =>
    Object.entries(block(item))
      .filter(([verb]) => VERBS.includes(verb.toLowerCase()))
      .map(([verb, operation]) => ({ verb, path, operation: block(operation) })),
  );
}

function schemesIn(document: Record<string, any>): Record<string, any> {
  return { ...block(at(document, "components.securitySchemes")), ...block(document["securityDefinitions"]) };
}

/** The OpenAPI document of an API as an object; empty for an API without one. */
export function documentOf(api: Resource): Record<string, any> {
  const { body } = api.props;
  if (body === undefined || body === null || body === "") return {};
  const document = json(body);
  if (document === undefined) throw new UnreadableBody();
  return block(document);
}

/** Ends a rule as "not evaluated", with its own sentence. */
class UnreadableBody extends UnknownInput {
  constructor() {
    super("body");
    this.message = "body is not JSON, and this pack does not read YAML";
  }
}

function operationInBody(
  verb: string,
  path: string,
  operation: Record<string, any>,
  document: Record<string, any>,
): Operation {
  const method = verb.startsWith("x-") ? "ANY" : verb.toUpperCase();
  const schemes = schemesIn(document);
  // API Gateway reads `security` of an operation only; the document's own is not applied to methods of REST APIs.
  const wanted = blocks(operation["security"]).flatMap((one) => Object.entries(one));
  const [name, scopes] = wanted.find(([scheme]) => authorizationBy(block(schemes[scheme])) !== undefined) ?? [];
  const own = text(block(operation["x-amazon-apigateway-auth"])["type"]);
  const isOptional = blocks(operation["security"]).some((one) => Object.keys(one).length === 0);
  const found = name === undefined || isOptional ? undefined : authorizationBy(block(schemes[name]));
  return {
    key: path.startsWith("$") ? path : `${method} ${path}`,
    authorization: (own === "NONE" ? undefined : own || undefined) ?? found ?? "NONE",
    scopes: texts(scopes),
    apiKey: wanted.some(([scheme]) => isKey(block(schemes[scheme]))),
    validated: text(operation[VALIDATOR] ?? document[VALIDATOR]) !== "",
    hasModel:
      operation["requestBody"] !== undefined || blocks(operation["parameters"]).some((one) => one["in"] === "body"),
  };
}

/** Who checks the caller by a security scheme; undefined for a scheme that API Gateway takes for documentation. */
function authorizationBy(scheme: Record<string, any>): string | undefined {
  const authorizer = block(scheme["x-amazon-apigateway-authorizer"]);
  const type = text(authorizer["type"]).toLowerCase();
  if (type !== "") return { jwt: "JWT", cognito_user_pools: "COGNITO_USER_POOLS" }[type] ?? "CUSTOM";
  const authtype = text(scheme["x-amazon-apigateway-authtype"]).toLowerCase();
  if (authtype === "awssigv4") return "AWS_IAM";
  return authtype === "" ? undefined : "CUSTOM";
}

function isKey(scheme: Record<string, any>): boolean {
  return scheme["type"] === "apiKey" && authorizationBy(scheme) === undefined;
}

/** Whether an API, or the API of a route, is a WebSocket API. */
export function isWebSocket(resource: Resource, stack: Stack): boolean {
  if (resource.type === T.api) return resource.props["protocolType"] === "WEBSOCKET";
  const [api] = stack.targets(resource, "apiId", T.api);
  if (api !== undefined) return isWebSocket(api, stack);
  // Without the API the key tells: routes of an HTTP API are `$default` or a method and a path.
  const key = text(resource.props["routeKey"]);
  return key !== "$default" && !key.includes("/");
}

/** Whether clients reach a REST API only through VPC endpoints. */
export function isPrivate(api: Resource): boolean {
  return texts(at(api.props, "endpointConfiguration.types")).includes("PRIVATE");
}

/** Whether a route key, such as `GET /orders`, matches a pattern, in which * stands for anything but a slash. */
export function matchesRoute(pattern: string, key: string): boolean {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^/]*");
  return new RegExp(`^${source}$`).test(key);
}
