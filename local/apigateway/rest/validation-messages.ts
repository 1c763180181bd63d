import type { ErrorObject } from "ajv-draft-04";

const list = (values: readonly unknown[]) => `[${values.map((value) => JSON.stringify(value)).join(",")}]`;
const plural = (value: unknown) => (Array.isArray(value) ? value : [value]);

/** JSON schema's name for the type of a value. */
function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

/** `number` allows integers too, and the validator says so. */
function allowedTypes(type: unknown): readonly string[] {
  return plural(type).flatMap((each) => (each === "number" ? ["integer", "number"] : [String(each)]));
}

/**
 * API Gateway reports what the Java library json-schema-validator finds, in its words. Its texts are in
 * github.com/java-json-tools/json-schema-validator, src/main/resources/com/github/fge/jsonschema/validator/validation.properties.
 */
const messages: Readonly<Record<string, (error: ErrorObject) => string>> = {
  additionalProperties: ({ params }) =>
    `object instance has properties which are not allowed by the schema: ${list([params["additionalProperty"]])}`,
  enum: ({ data, params }) =>
    `instance value (${JSON.stringify(data)}) not found in enum (possible values: ${list(params["allowedValues"])})`,
  maxLength: ({ data, params }) =>
    `string ${JSON.stringify(data)} is too long (length: ${[...String(data)].length}, maximum allowed: ${params["limit"]})`,
  minLength: ({ data, params }) =>
    `string ${JSON.stringify(data)} is too short (length: ${[...String(data)].length}, required minimum: ${params["limit"]})`,
  maximum: ({ data, params }) =>
    `numeric instance is greater than the required maximum (maximum: ${params["limit"]}, found: ${data})`,
  minimum: ({ data, params }) =>
    `numeric instance is lower than the required minimum (minimum: ${params["limit"]}, found: ${data})`,
  multipleOf: ({ data, params }) => `remainder of division is not zero (${data} / ${params["multipleOf"]})`,
  not: () => "instance matched a schema which it should not have",
  oneOf: ({ params }) =>
    `instance failed to match exactly one schema (matched ${params["passingSchemas"]?.length ?? 0} out of several)`,
  anyOf: () => "instance failed to match at least one required schema",
  pattern: ({ data, params }) =>
    `ECMA 262 regex ${JSON.stringify(params["pattern"])} does not match input string ${JSON.stringify(data)}`,
  required: ({ params }) => `object has missing required properties (${list([params["missingProperty"]])})`,
  type: ({ data, params }) =>
    `instance type (${typeOf(data)}) does not match any allowed primitive type (allowed: ${list(allowedTypes(params["type"]))})`,
  uniqueItems: () => "array must not contain duplicate elements",
};

/** Returns the text of `$context.error.validationErrorString` for one finding. */
export function validationMessage(error: ErrorObject): string {
  return messages[error.keyword]?.(error) ?? `instance does not match the keyword ${error.keyword}`;
}
