import { failures } from "../cognito-error";

/** The JSON of a call. */
export type Body = Readonly<Record<string, any>>;

/** Reads a text that a call must have. @throws {CognitoError} InvalidParameterException */
export function text(body: Body, name: string, most = 2_048): string {
  const value: unknown = body[name];
  const field = `${name[0]!.toLowerCase()}${name.slice(1)}`;
  if (value === undefined || value === null) {
    const rule = "failed to satisfy constraint: Member must not be null";
    throw failures.parameter(`1 validation error detected: Value null at '${field}' ${rule}`);
  }
  if (typeof value !== "string" || value.length === 0 || value.length > most) {
    const rule = `failed to satisfy constraint: Member must have length less than or equal to ${most}`;
    throw failures.parameter(`1 validation error detected: Value at '${field}' ${rule}`);
  }
  return value;
}

/** Reads a text that a call may have. @throws {CognitoError} InvalidParameterException */
export function optionalText(body: Body, name: string): string | undefined {
  return body[name] === undefined || body[name] === null ? undefined : text(body, name);
}

/** Reads texts by name that a call may have. @throws {CognitoError} InvalidParameterException */
export function textMap(body: Body, name: string): Readonly<Record<string, string>> | undefined {
  const value: unknown = body[name];
  if (value === undefined || value === null) return undefined;
  if (
    typeof value === "object" &&
    !Array.isArray(value) &&
    Object.values(value).every((each) => typeof each === "string")
  ) {
    return { ...(value as Record<string, string>) };
  }
  throw failures.parameter(`${name} must be texts by name`);
}
