import { createHash } from "node:crypto";
import type { GraphIndex, PlannedResource } from "../../../graph/model";
import type { Policy } from "../../iam/policy";
import { required, unsupported } from "../../unsupported";
import { readPlannedPolicy } from "./endpoints";
import type { GatewayResponseSettings } from "./gateway-responses";
import { gatewayResponseTypes } from "./gateway-responses";
import type { Json, RestMethod, RestResource } from "./methods";
import { readSchemes, readSecurity } from "./read-authorizers";
import { readIntegration } from "./read-integration";

/** What the OpenAPI document of a REST API says. */
export interface RestDefinition {
  readonly resources: readonly RestResource[];
  /** JSON schemas by name. */
  readonly models: Readonly<Record<string, Json>>;
  readonly gatewayResponses: ReadonlyMap<string, GatewayResponseSettings>;
  readonly binaryMediaTypes: readonly string[];
  readonly apiKeySource: "HEADER" | "AUTHORIZER";
  /** The API's own policy; undefined for one that lets in everyone whom its methods let in. */
  readonly policy: Policy | undefined;
}

const methods = ["get", "put", "post", "delete", "options", "head", "patch"];
const anyMethod = "x-amazon-apigateway-any-method";
const pathForm = /^\/(?:(?:[^/{}]+|\{[\w:.-]+\})(?:\/(?:[^/{}]+|\{[\w:.-]+\}))*(?:\/\{[\w:.-]+\+\})?|\{[\w:.-]+\+\})?$/;

/**
 * Reads the OpenAPI 3 document of a planned REST API.
 * @throws {UserError} on what the local gateway does not run
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
 */
export function readDefinition(index: GraphIndex, api: PlannedResource): RestDefinition {
  const document = parsed(api);
  const schemes = readSchemes(api, document);
  const resources = Object.entries<Json>(document.paths ?? {}).map(([path, item]): RestResource => {
    if (!pathForm.test(path)) unsupported(api, `body.paths["${path}"]`, "segments that are text or {parameters}", path);
    const id = createHash("sha256").update(path).digest("hex").slice(0, 6);
    const read = (method: string, operation: Json): [string, RestMethod] => {
      const at = `body.paths["${path}"].${method}`;
      const httpMethod = method === anyMethod ? "ANY" : method.toUpperCase();
      const { parameters = [] } = item;
      const whole = { ...operation, parameters: [...parameters, ...(operation.parameters ?? [])] };
      return [
        httpMethod,
        {
          ...{ httpMethod, path, resourceId: id },
          ...readSecurity(api, at, operation, schemes),
          requestParameters: requestParameters(whole),
          requestModels: requestModels(api, at, whole),
          validator: readValidator(api, at, document, operation),
          integration: readIntegration(index, api, at, operation["x-amazon-apigateway-integration"]),
        },
      ];
    };
    const operations = Object.entries<Json>(item).filter(([name]) => methods.includes(name) || name === anyMethod);
    return { path, id, methods: new Map(operations.map(([name, operation]) => read(name, operation))) };
  });
  return {
    resources,
    models: document.components?.schemas ?? {},
    gatewayResponses: readGatewayResponses(index, api, document),
    binaryMediaTypes: api.outputs["binaryMediaTypes"] ?? document["x-amazon-apigateway-binary-media-types"] ?? [],
    apiKeySource: api.outputs["apiKeySource"] ?? document["x-amazon-apigateway-api-key-source"] ?? "HEADER",
    policy: readApiPolicy(index, api, document),
  };
}

function parsed(api: PlannedResource): Json {
  const { body } = api.outputs;
  let document: Json;
  try {
    document = JSON.parse(required(api, "body", body));
  } catch (error) {
    unsupported(api, "body", "an OpenAPI document as JSON", (error as Error).message);
  }
  if (!/^3\.0\./.test(document?.openapi)) unsupported(api, "body.openapi", "3.0.x", document?.openapi);
  return document;
}

function requestParameters({ parameters }: Json): ReadonlyMap<string, boolean> {
  const places: Readonly<Record<string, string>> = { query: "querystring", header: "header", path: "path" };
  return new Map(
    parameters.map((each: Json) => [`method.request.${places[each.in]}.${each.name}`, each.required === true]),
  );
}

function requestModels(api: PlannedResource, at: string, { requestBody }: Json): ReadonlyMap<string, string> {
  return new Map(
    Object.entries<Json>(requestBody?.content ?? {}).flatMap(([type, { schema }]) => {
      if (schema === undefined) return [];
      const [, name] = /^#\/components\/schemas\/(\w+)$/.exec(schema.$ref) ?? [];
      const rule = "a $ref to a schema of the document";
      return [[type, name ?? unsupported(api, `${at}.requestBody.content["${type}"].schema`, rule, schema)] as const];
    }),
  );
}

function readValidator(api: PlannedResource, at: string, document: Json, operation: Json): RestMethod["validator"] {
  const key = "x-amazon-apigateway-request-validator";
  const name = operation[key] ?? document[key];
  if (name === undefined) return { body: false, parameters: false };
  const validator = required(api, `${at}.${key}`, document[`${key}s`]?.[name]);
  return { body: validator.validateRequestBody === true, parameters: validator.validateRequestParameters === true };
}

function readGatewayResponses(
  index: GraphIndex,
  api: PlannedResource,
  document: Json,
): ReadonlyMap<string, GatewayResponseSettings> {
  const settings = new Map<string, GatewayResponseSettings>();
  const add = (at: string, type: string, given: Json) => {
    if (!gatewayResponseTypes.includes(type)) unsupported(api, at, "a type of gateway responses", type);
    const { statusCode, responseParameters = {}, responseTemplates = {} } = given;
    settings.set(type, {
      statusCode: statusCode ? Number(statusCode) : undefined,
      responseParameters,
      responseTemplates,
    });
  };
  const key = "x-amazon-apigateway-gateway-responses";
  for (const [type, given] of Object.entries<Json>(document[key] ?? {})) add(`body.${key}`, type, given);
  for (const { name, outputs } of index.where("aws:apigateway/response:Response", { restApiId: api.outputs["id"] })) {
    add(`the gateway response "${name}"`, outputs["responseType"], outputs);
  }
  return settings;
}

/** A policy of its own replaces that of the document; the provider does not apply a changed one of the document. */
function readApiPolicy(index: GraphIndex, api: PlannedResource, document: Json): Policy | undefined {
  const [own] = index.where("aws:apigateway/restApiPolicy:RestApiPolicy", { restApiId: api.outputs["id"] });
  const given = own?.outputs["policy"] ?? api.outputs["policy"] ?? document["x-amazon-apigateway-policy"];
  return readPlannedPolicy(own ?? api, given, "resource");
}
