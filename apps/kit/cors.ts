import { servedByHeader } from "./served-by";

/**
 * Returns the headers that let a browser read an answer and who answered, when the origin of the request is one of
 * `origins`. A REST API passes answers on as they are; an HTTP API replaces them by its own.
 * @param origins  exact origins, as browsers send them; none turns CORS off
 * @example corsHeaders(["https://app.example.com"], "https://app.example.com")
 */
export function corsHeaders(origins: readonly string[], origin: string | undefined): Readonly<Record<string, string>> {
  if (origins.length === 0) return {};
  return {
    ...(origin !== undefined && origins.includes(origin)
      ? { "access-control-allow-origin": origin, "access-control-expose-headers": servedByHeader }
      : {}),
    // Whatever keeps the answer must not give it to a page of another origin.
    vary: "Origin",
  };
}
