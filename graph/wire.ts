import * as runtime from "@pulumi/pulumi/runtime";

/*
 * Turns what travels between the SDK and the engine into plain data. The signatures are the engine's own
 * (sdk/go/common/resource/plugin/rpc.go).
 */

export const UNKNOWN = "[unknown]";
export const SECRET = "[secret]";

/** What becomes of a secret: hidden for people, open for the local platform. */
export type SecretView = "hidden" | "open";

/**
 * @param value  a property value as the SDK serialised it
 * @returns the same as plain data: unknowns as `"[unknown]"`, secrets as `"[secret]"` unless open, assets as
 *   `{ asset: path }` or `{ text }`, archives as `{ archive: path }` or `{ assets }`, references as `{ ref: urn }`
 */
export function plain(value: any, secrets: SecretView): any {
  if (value === runtime.unknownValue) return UNKNOWN;
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item) => plain(item, secrets));
  switch (value[runtime.specialSigKey]) {
    case undefined:
      return mapValues(value, (item) => plain(item, secrets));
    case runtime.specialSecretSig:
      return secrets === "hidden" ? SECRET : plain(value.value, secrets);
    case runtime.specialOutputValueSig:
      return plainOutput(value, secrets);
    case runtime.specialResourceSig:
      return { ref: value.urn };
    case runtime.specialAssetSig:
      return value.path === undefined ? { text: value.text ?? value.uri } : { asset: value.path };
    case runtime.specialArchiveSig:
      return value.path === undefined
        ? { assets: mapValues(value.assets ?? {}, (item) => plain(item, secrets)) }
        : { archive: value.path };
    default:
      throw new Error(`unknown signature ${value[runtime.specialSigKey]} in a resource property`);
  }
}

function plainOutput(value: any, secrets: SecretView): any {
  if (value.secret && secrets === "hidden") return SECRET;
  return value.value === undefined ? UNKNOWN : plain(value.value, secrets);
}

function mapValues(object: Record<string, any>, change: (value: any) => any): Record<string, any> {
  return Object.fromEntries(
    Object.keys(object)
      .sort()
      .map((key) => [key, change(object[key])]),
  );
}

/** Paths of every unknown inside plain data, such as `jwtConfiguration.issuer`. */
export function unknownPaths(value: any, path = ""): string[] {
  if (typeof value === "string") return value.includes(UNKNOWN) ? [path] : [];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, item]) => unknownPaths(item, path === "" ? key : `${path}.${key}`));
}
