import { decode, ExtensionCodec, encode } from "@msgpack/msgpack";

/** A value that is only known once AWS has answered. */
export class Unknown {
  toJSON(): string {
    return "[unknown]";
  }
}

/** Every unknown value is this one. */
export const UNKNOWN = new Unknown();

/** The wire's extension types: an unknown value, and an unknown value of which something is known. */
const PLAIN = 0;
const REFINED = 12;

const extensionCodec = new ExtensionCodec();
extensionCodec.register({
  type: PLAIN,
  encode: (value) => (value instanceof Unknown ? new Uint8Array([0]) : null),
  decode: () => UNKNOWN,
});
extensionCodec.register({ type: REFINED, encode: () => null, decode: () => UNKNOWN });

/** Encodes a value as Terraform's plugins read it: objects with every attribute, absent ones as null. */
export function encodeValue(value: unknown): Uint8Array {
  return encode(value, { extensionCodec });
}

/** Decodes what a plugin wrote. */
export function decodeValue(bytes: Uint8Array): any {
  return decode(bytes, { extensionCodec });
}

/** Whether a value, or anything inside it, is unknown. */
export function holdsUnknown(value: unknown): boolean {
  if (value instanceof Unknown) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsUnknown);
}
