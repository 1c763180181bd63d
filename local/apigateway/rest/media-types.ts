import { type HeaderList, lastValue } from "./headers";
import type { ContentHandling } from "./methods";

/**
 * Tells whether the media type in a header is one of the API's binary types. Only the first of a list counts.
 * @param name  `content-type` or `accept`
 */
export function isBinaryType(headers: HeaderList, name: string, binaryMediaTypes: readonly string[]): boolean {
  const [type = ""] = (lastValue(headers, name) ?? "").split(/[,;]/);
  const [group, kind] = type.trim().toLowerCase().split("/");
  if (!group || !kind) return false;
  return binaryMediaTypes.some((planned) => {
    const [plannedGroup, plannedKind] = planned.trim().toLowerCase().split("/");
    if (plannedKind === "*") return plannedGroup === "*" || plannedGroup === group;
    return plannedGroup === group && plannedKind === kind;
  });
}

/**
 * Converts the body of a request before its mapping.
 * @returns text, or bytes that stay as they are; undefined when it should be base64 and is not
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
 */
export function convertedRequest(
  body: Buffer,
  binary: boolean,
  handling: ContentHandling | undefined,
): string | Buffer | undefined {
  if (binary) return handling === "CONVERT_TO_TEXT" ? body.toString("base64") : body;
  return handling === "CONVERT_TO_BINARY" ? decoded(body.toString()) : body.toString();
}

/**
 * Converts the body of an integration's answer before its mapping.
 * @param accepted  whether the client accepts a binary type
 */
export function convertedResponse(
  body: Buffer,
  binary: boolean,
  accepted: boolean,
  handling: ContentHandling | undefined,
): string | Buffer | undefined {
  const toText = handling === "CONVERT_TO_TEXT" || (handling === undefined && !accepted);
  if (binary) return toText ? body.toString("base64") : body;
  return toText ? body.toString() : decoded(body.toString());
}

/** Decodes base64; returns undefined for a text that is not. */
export function decoded(text: string): Buffer | undefined {
  const trimmed = text.replace(/\s+$/, "");
  return trimmed.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(trimmed)
    ? Buffer.from(trimmed, "base64")
    : undefined;
}
