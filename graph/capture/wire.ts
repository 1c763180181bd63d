import * as runtime from "@pulumi/pulumi/runtime";

/*
 * Converts property values, as the SDK sends them to the engine, to plain data. The signatures are the engine's own
 * (sdk/go/common/resource/plugin/rpc.go).
 */

/** Text in place of a value that is only known after deployment. */
export const UNKNOWN = "[unknown]";
/** Text in place of a hidden secret. */
export const SECRET = "[secret]";

/** Whether secrets are hidden, as people see them, or open, as the local platform needs them. */
type SecretView = "hidden" | "open";

/**
 * Converts a property value to plain data.
 * @param value  a property value as the SDK serialised it
 * @returns the same as plain data: unknowns as `"[unknown]"`, secrets as `"[secret]"` unless open, assets as
 *   `{ asset: path }` or `{ text }`, archives as `{ archive: path }` or `{ assets }`, references as `{ ref: urn }`
 */
export function toPlainData(value: any, secrets: SecretView): any {
  if (value === runtime.unknownValue) return UNKNOWN;
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item) => toPlainData(item, secrets));
  switch (value[runtime.specialSigKey]) {
    case undefined:
      return mapValues(value, (item) => toPlainData(item, secrets));
    case runtime.specialSecretSig:
      return secrets === "hidden" ? SECRET : toPlainData(value.value, secrets);
    case runtime.specialOutputValueSig:
      return plainOutput(value, secrets);
    case runtime.specialResourceSig:
      return { ref: value.urn };
    case runtime.specialAssetSig:
      return value.path === undefined ? { text: value.text ?? value.uri } : { asset: value.path };
    case runtime.specialArchiveSig:
      return value.path === undefined
        ? { assets: mapValues(value.assets ?? {}, (item) => toPlainData(item, secrets)) }
        : { archive: value.path };
    default:
      throw new Error(`unknown signature ${value[runtime.specialSigKey]} in a resource property`);
  }
}

function plainOutput(value: any, secrets: SecretView): any {
  if (value.secret && secrets === "hidden") return SECRET;
  return value.value === undefined ? UNKNOWN : toPlainData(value.value, secrets);
}

function mapValues(object: Record<string, any>, change: (value: any) => any): Record<string, any> {
  return Object.fromEntries(
    Object.keys(object)
      .sort()
      .map((key) => [key, change(object[key])]),
  );
}

/**
 * Returns the paths of all unknowns in plain data, such as `jwtConfiguration.issuer`.
 * @param path  path of `value` itself
 */
export function unknownPaths(value: any, path = ""): string[] {
  if (typeof value === "string") return value.includes(UNKNOWN) ? [path] : [];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, item]) => unknownPaths(item, path === "" ? key : `${path}.${key}`));
}
