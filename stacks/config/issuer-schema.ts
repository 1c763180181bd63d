import { z } from "zod";
import { distinct, issuerUrl } from "./formats";

const scope = z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/, "must be a scope of 1-128 printable characters");

const issuer = z.strictObject({
  issuer: issuerUrl.describe("The iss of its tokens, exactly as they have it, with or without a slash at its end."),
  audiences: distinct(z.string().min(1).max(256), 1, 10).describe("Values of aud, one of which a token must have."),
  jwksUrl: issuerUrl.describe("URL of its keys (JWKS), reached over the internet."),
  scopes: z
    .record(scope, distinct(z.string(), 1, 20))
    .optional()
    .describe(
      "Scopes of the platform by the issuer's own: orders.write: [shipping/write]. Others open nothing. Without it the issuer's tokens name the platform's scopes.",
    ),
  tenant: z
    .strictObject({
      name: z.string().describe("Name of the tenant, which `npm run tenant -- add` has made."),
      tier: z.string().describe("Its tier."),
    })
    .optional()
    .describe(
      "The tenant that all its users belong to; needed where there are tenants. No claim of a token names another.",
    ),
});

/** Schema of the issuers of tokens other than the user pool. */
export const issuersSchema = z
  .record(z.string(), issuer)
  .optional()
  .describe(
    "Issuers whose tokens the HTTP API and the REST API admit, by a name of yours: an existing gateway server's, for example. Services see their subjects as <name>|<sub>. Without it only the user pool's tokens are admitted.",
  );

/** The issuers of an environment other than the user pool, by name. */
export type IssuersConfig = NonNullable<z.output<typeof issuersSchema>>;
