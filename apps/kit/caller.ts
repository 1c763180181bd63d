import { HttpError } from "./errors";

/** Caller of a request without a token: a service of the platform, which the private API has admitted by its role. */
const platformCaller = "platform";

/**
 * Returns who sends a request, as `<issuer> <subject>` of its access token. Call it for routes that need a token only: their
 * gateway has verified the token that is read here, and nothing else reaches a service.
 * @param authorization  header of the request
 * @throws {HttpError} 400 `invalid_token` when the header is not one token with issuer and subject
 */
export function callerOf(authorization: string | undefined): string {
  if (authorization === undefined) return platformCaller;
  const payload = /^Bearer +[\w-]+\.([\w-]+)\.[\w-]+$/i.exec(authorization)?.[1];
  try {
    const { iss, sub } = JSON.parse(Buffer.from(payload ?? "", "base64url").toString());
    if (typeof iss === "string" && typeof sub === "string" && sub !== "") return `${iss} ${sub}`;
  } catch {
    // Answered below, as is a token that names no subject.
  }
  throw new HttpError(400, "invalid_token", "Authorization must be one access token that names its issuer and subject");
}
