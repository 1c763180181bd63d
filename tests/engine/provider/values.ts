import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** Properties as the engine passes them to a provider that takes no secrets, outputs or references: plain data, unknowns and assets. */
export type Properties = Readonly<Record<string, any>>;

// sdk/go/common/resource/plugin/rpc.go
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

export function fromStruct(struct: Struct | undefined): Properties {
  return (struct?.toJavaScript() ?? {}) as Properties;
}

export function toStruct(properties: Properties): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)));
}

/** `asset` and `archive` are values of their own to a provider, not objects. */
export function kindOf(value: any): string {
  if (value === null || value === undefined) return "null";
  if (value === UNKNOWN) return "unknown";
  if (Array.isArray(value)) return "array";
  if (typeof value === "object" && value[SIGNATURE] === ASSET) return "asset";
  if (typeof value === "object" && value[SIGNATURE] === ARCHIVE) return "archive";
  return typeof value;
}

/** Equal for equal values: keys in order, assets by what they hold. */
export function canonical(value: any): string {
  switch (kindOf(value)) {
    case "asset":
    case "archive":
      return `content ${value.hash}`;
    case "array":
      return `[${value.map(canonical).join()}]`;
    case "object": {
      const keys = Object.keys(value).filter((key) => kindOf(value[key]) !== "null");
      return `{${keys
        .sort()
        .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)
        .join()}}`;
    }
    default:
      return JSON.stringify(value ?? null);
  }
}

/** Keys whose values differ, sorted. */
export function changedKeys(olds: Properties, news: Properties): string[] {
  const keys = new Set([...Object.keys(olds), ...Object.keys(news)]);
  return [...keys].filter((key) => canonical(olds[key]) !== canonical(news[key])).sort();
}

/** Every string inside. */
export function stringsOf(value: any): string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(stringsOf);
}
