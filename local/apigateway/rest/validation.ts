import Ajv, { type ErrorObject, type ValidateFunction } from "ajv-draft-04";
import { UserError } from "../../../graph/user-error";
import type { RestExchange } from "./exchange";
import { GatewayError } from "./gateway-responses";
import { lastValue } from "./headers";
import type { Json } from "./methods";
import { valuesOf } from "./request-values";
import { validationMessage } from "./validation-messages";

/** AWS documents that it does not check these of an imported model; local models may have references to others. */
const uncheckedKeywords = ["minItems", "maxItems"];
const modelReference = /^https:\/\/apigateway\.amazonaws\.com\/restapis\/[^/]+\/models\//;

/**
 * Validates requests against the parameters and models of their methods, as draft 4 of JSON Schema says.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
 */
export class RequestValidator {
  private readonly validators: ReadonlyMap<string, ValidateFunction>;

  /** @throws {UserError} on a model that is no schema */
  constructor(models: Readonly<Record<string, Json>>) {
    const schemas = withLocalReferences(models) as Record<string, Json>;
    this.validators = new Map(Object.keys(schemas).map((name) => [name, compiled(name, schemas)]));
  }

  /** @throws {GatewayError} on a missing parameter or a body that its model does not allow */
  check(exchange: RestExchange): void {
    const { validator } = exchange.method!;
    if (validator.parameters) requireParameters(exchange);
    if (validator.body) this.checkBody(exchange);
  }

  private checkBody(exchange: RestExchange): void {
    const model = modelOf(exchange);
    const validate = model === undefined ? undefined : this.validators.get(model);
    if (validate === undefined) return;
    const text = exchange.body.toString();
    let value: unknown;
    try {
      value = JSON.parse(text.trim() === "" ? "{}" : text);
    } catch {
      throw invalidBody("Invalid JSON");
    }
    if (!validate(value)) throw invalidBody(describe(validate.errors ?? []));
  }
}

/** A content type without a model is not validated; a request without a content type counts as JSON. */
function modelOf({ headers, method }: RestExchange): string | undefined {
  const type = (lastValue(headers, "content-type") ?? "application/json").split(";", 1)[0]!.trim();
  return method!.requestModels.get(type) ?? method!.requestModels.get("$default");
}

function requireParameters({ headers, query, pathParameters = {}, method }: RestExchange): void {
  const missing: string[] = [];
  for (const [parameter, required] of method!.requestParameters) {
    const [, place, name = ""] = /^method\.request\.(\w+)\.(.+)$/.exec(parameter) ?? [];
    const lists = { header: headers, querystring: query, path: Object.entries(pathParameters) };
    const values = valuesOf(lists[place as keyof typeof lists] ?? [], name);
    if (required && !values?.some((value) => value.trim() !== "")) missing.push(name);
  }
  if (missing.length > 0) {
    const message = `Missing required request parameters: [${missing.join(", ")}]`;
    throw new GatewayError("BAD_REQUEST_PARAMETERS", message, { validation: message });
  }
}

function invalidBody(validation: string): GatewayError {
  return new GatewayError("BAD_REQUEST_BODY", "Invalid request body", { validation });
}

function describe(errors: readonly ErrorObject[]): string {
  return `[${errors.map(validationMessage).join(", ")}]`;
}

function compiled(name: string, schemas: Readonly<Record<string, Json>>): ValidateFunction {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, verbose: true, logger: false });
  for (const keyword of uncheckedKeywords) ajv.removeKeyword(keyword);
  const { $schema: _draft, ...schema } = schemas[name];
  try {
    return ajv.compile({ ...schema, components: { schemas } });
  } catch (error) {
    throw new UserError(
      `model "${name}" must be a JSON schema of draft 4, got ${(error as Error).message}; correct it`,
    );
  }
}

/** References by the API's URL lead to the same models as those within the document. */
function withLocalReferences(value: Json): Json {
  return JSON.parse(JSON.stringify(value), (key, each) =>
    key === "$ref" && typeof each === "string" ? each.replace(modelReference, "#/components/schemas/") : each,
  );
}
