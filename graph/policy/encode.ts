import * as runtime from "@pulumi/pulumi/runtime";
import { SECRET, UNKNOWN } from "../capture/wire";

/**
 * Converts plain data to the form in which the engine sends it to a policy pack. Unknowns and secrets become the
 * signatures that the evaluator knows, so that a rule sees them as it does in a preview. It reverses `toPlainData`.
 */
export function toWireData(value: any): any {
  if (value === UNKNOWN) return runtime.unknownValue;
  if (value === SECRET) return { [runtime.specialSigKey]: runtime.specialSecretSig, value: SECRET };
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item) => (item === undefined ? null : toWireData(item)));
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  const [only] = entries;
  if (entries.length === 1 && only && typeof only[1] === "string") {
    if (only[0] === "archive") return { [runtime.specialSigKey]: runtime.specialArchiveSig, path: only[1] };
    if (only[0] === "asset") return { [runtime.specialSigKey]: runtime.specialAssetSig, path: only[1] };
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, toWireData(item)]));
}
