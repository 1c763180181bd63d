import { editsOf, type Threat, testsOf } from "./threat";

const authorizer = testsOf("tests/apps/authorizer/authorize.spec.ts");
const tokens = testsOf("tests/apps/authorizer/token.spec.ts");
const keys = testsOf("tests/apps/authorizer/key-set.spec.ts");
const names = testsOf("tests/apps/tenant.spec.ts");
const authorize = editsOf("apps/authorizer/authorize.ts");
const bearer = editsOf("apps/authorizer/bearer.ts");
const token = editsOf("apps/authorizer/token.ts");
const pool = editsOf("apps/authorizer/pool-token.ts");
const parsed = editsOf("apps/authorizer/parsed-token.ts");
const keySet = editsOf("apps/authorizer/key-set.ts");
const tenant = editsOf("apps/kit/tenant.ts");

const form = "/^Bearer ([A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+)$/";
/** Without it no signature, algorithm, issuer or time is checked. */
const unverified = token("return verifier.claimsOf(token);", "return token.payload as JwtPayload;");
/** Uses a key or an address of a token's header, as some libraries do. */
const trusting = (code: string) =>
  token(
    "    // Without the key, aws-jwt-verify refuses",
    `    ${code}\n    // Without the key, aws-jwt-verify refuses`,
  );

/** What the tenants' authorizer refuses of a token, and of the keys that it is verified with. */
export const tokenThreats: readonly Threat[] = [
  {
    input: "No token, or an empty one",
    result: "401",
    test: authorizer("takes one Authorization header of one strict form"),
    removals: [[authorize("?? unauthorized();\n    } catch", '?? answer("", "Deny", []);\n    } catch')]],
  },
  {
    input: "Two or four parts",
    result: "401",
    test: tokens("must have three parts"),
    removals: [
      [bearer(form, "/^Bearer (\\S+)$/"), bearer('token?.split(".").every(isCanonical) ? token : undefined', "token")],
    ],
  },
  {
    input: "A header of another form: tab, two spaces, `bearer`, Bearer twice, a list",
    result: "401",
    test: authorizer("takes one Authorization header of one strict form"),
    removals: [
      [bearer("/^Bearer (", "/^(?:Bearer\\s+)+(")],
      [bearer("/^Bearer (", "/^[Bb]earer (")],
      [bearer(")$/", ")/")],
    ],
  },
  {
    input: "Two Authorization headers, in any spelling",
    result: "401",
    test: authorizer("refuses two Authorization headers"),
    removals: [[bearer("if (values.length > 1 || single.length > 1) return undefined;", "")]],
  },
  {
    input: "`alg` none in any case, or any but RS256",
    result: "401",
    test: tokens("must be signed with RS256"),
    removals: [[unverified]],
  },
  {
    input: "HS256 with the public key as its secret",
    result: "401",
    test: tokens("must not be signed with the public key as the secret of HS256"),
    removals: [[unverified]],
  },
  {
    input: "A key of someone else, or changed claims",
    result: "401",
    test: tokens("must be signed by a key of the issuer, unchanged"),
    removals: [[unverified]],
  },
  {
    input: "An unknown key id, a path or the name of a prototype",
    result: "401",
    test: tokens("must name a key of the issuer"),
    removals: [[unverified]],
  },
  {
    input: "A key id that is no text",
    result: "401, and the issuer's keys are not fetched",
    test: tokens("causes no fetch of the issuer's keys without naming one"),
    removals: [[parsed('typeof header["kid"] !== "string" || ', "")]],
  },
  {
    input: "A key id that is a property of every object",
    result: "no key has it",
    test: keys("of an unknown id are no own properties of anything"),
    removals: [
      [
        keySet(
          "const known = kids.has(kid);",
          "const known = kid in Object.fromEntries([...kids].map((each) => [each, 1]));",
        ),
      ],
    ],
  },
  {
    input: "`jku`, `x5u` or an embedded `jwk`",
    result: "401; the key is not used and the address not fetched",
    test: tokens("never has a key of its own used, and no address in it fetched"),
    removals: [
      [trusting('if ("jku" in parsed.header) await fetch(String(parsed.header["jku"]));')],
      [trusting('if ("x5u" in parsed.header) await fetch(String(parsed.header["x5u"]));')],
      [trusting('if ("jwk" in parsed.header) verifier.cacheJwks({ keys: [parsed.header["jwk"]] } as never);')],
    ],
  },
  {
    input: "Expired by a second, or not valid yet",
    result: "401",
    test: tokens("must be valid now"),
    removals: [[unverified]],
  },
  {
    input: "No `exp`, `exp` 1e300, `iat` tomorrow, a life of more than a day",
    result: "401",
    test: tokens("must say when it was issued and when it expires"),
    removals: [
      [
        parsed("Number.isSafeInteger(exp) &&", ""),
        token("exp! - iat! <= maxLifetimeSeconds", "!(exp! - iat! > maxLifetimeSeconds)"),
      ],
      [parsed("Number.isSafeInteger(exp) &&", ""), token(" && exp! - iat! <= maxLifetimeSeconds", "")],
      [parsed("Number.isSafeInteger(iat) &&", "")],
      [token("iat! <= now + clockSkewSeconds && ", "")],
      [token(" && exp! - iat! <= maxLifetimeSeconds", "")],
    ],
  },
  {
    input: "A wrong issuer",
    result: "401",
    test: tokens("must be of the issuer, for the API's clients and audiences"),
    removals: [[unverified]],
  },
  {
    input: "A wrong client or audience, also as a list",
    result: "401",
    test: tokens("must be of the issuer, for the API's clients and audiences"),
    removals: [
      [pool(" || !clients.has(client)", "")],
      [pool("!clients.has(client)", "![client].flat().some((each) => clients.has(each))")],
      [pool(" || (aud !== undefined && !audiences.has(aud))", "")],
      [pool("!audiences.has(aud)", "![aud].flat().some((each) => audiences.has(each))")],
    ],
  },
  {
    input: "An ID token, or another `token_use`, also as a list",
    result: "401",
    test: tokens("must be an access token"),
    removals: [[pool('use !== "access" || ', "")], [pool('use !== "access"', '![use].flat().includes("access")')]],
  },
  {
    input: "An unknown `crit`",
    result: "401",
    test: tokens("must not demand an extension that is not understood"),
    removals: [[parsed(' || "crit" in header', "")]],
  },
  {
    input: "A subject that is no plain name",
    result: "401",
    test: tokens("must have a subject that is a plain name, and scopes that are text"),
    removals: [
      [pool('if (typeof subject !== "string" || !validSubject.test(subject)) return undefined;', "")],
      [parsed('(scope === undefined || typeof scope === "string") &&', "")],
    ],
  },
  {
    input: "`=` after the signature, or unused bits that are not zero",
    result: "401",
    test: tokens("must be canonical base64url"),
    removals: [
      [bearer("[A-Za-z0-9_-]+)$/", "[A-Za-z0-9_=-]+)$/")],
      [bearer('token?.split(".").every(isCanonical) ? token : undefined', "token")],
    ],
  },
  {
    input: "A token of 1 MB",
    result: "401, before anything is decoded",
    test: tokens("must be at most 8,192 characters, and a longer one is not decoded"),
    removals: [[bearer(' || value.length > maxTokenLength + "Bearer ".length', "")]],
  },
  {
    input: "Anything that makes the authorizer fail",
    result: "401, never 500, and no details in the log",
    test: authorizer("has no answer but 401 when something fails"),
    removals: [
      [authorize("      return unauthorized();\n    }\n  };", "      throw error;\n    }\n  };")],
      [authorize("error: error instanceof Error ? error.name : typeof error", "error: String(error)")],
    ],
  },
  {
    input: "A route whose scope the token lacks",
    result: "403",
    test: authorizer("refuses a route whose scope the token lacks with 403"),
    removals: [[authorize('scopes.filter((scope) => scope !== "" && routes.has(scope))', "routes.keys()")]],
  },
  {
    input: "1,000 random key ids",
    result: "one fetch of the issuer's keys in 30 s",
    test: keys("are fetched once in 30 s for 1,000 random key ids"),
    removals: [[keySet("if (now() - startedAt >= window) {", "if (running === undefined) {")]],
  },
  {
    input: "The issuer does not answer: a warm authorizer",
    result: "its keys stay valid",
    test: keys("stay valid while the issuer does not answer"),
    removals: [[keySet("      onFailure(error);\n", "      onFailure(error);\n      onKeys({ keys: [] });\n")]],
  },
  {
    input: "The issuer does not answer: a cold authorizer",
    result: "401 within 2 s, and a fetch every 5 s at most",
    test: keys("ends within 2 s when the issuer does not answer, or not to the end"),
    removals: [[keySet(", signal: AbortSignal.timeout(fetchTimeoutMilliseconds)", "")]],
  },
  {
    input: "The same, with many requests",
    result: "a fetch every 5 s at most",
    test: keys("refuse a token with 401 until the first ones arrive, which are fetched every 5 s at most"),
    removals: [[keySet("const coldWindowMilliseconds = 5_000;", "const coldWindowMilliseconds = 0;")]],
  },
  {
    input: "A set of keys behind a redirect",
    result: "not followed",
    test: keys("follows no redirect"),
    removals: [[keySet('redirect: "error", ', "")]],
  },
  {
    input: "A set of keys over 64 KB, or without an end",
    result: "not read further",
    test: keys("stops at 64 KB"),
    removals: [[keySet("if (length > maxBytes) throw", "if (length < 0) throw")]],
  },
  {
    input: "Keys of other kinds in the issuer's set",
    result: "not used",
    test: keys("keeps RSA signature keys of RS256 only"),
    removals: [
      [keySet('key.use === "sig" &&', "")],
      [keySet('key.alg === "RS256" &&', "")],
      [keySet('key.kty === "RSA" &&', "")],
    ],
  },
  {
    input: "A tenant or tier such as `*`, `../` or 129 characters",
    result: "403; never a part of an ARN or a key",
    test: authorizer("refuses a tenant or tier that is no plain name with 403"),
    removals: [
      [authorize("!isTenantName(tenant) || ", "")],
      [authorize(" || !isTenantName(tier)", "")],
      [tenant("{0,62}", "*")],
      [tenant("^[a-z0-9](?:", "^[a-z0-9*./](?:")],
    ],
  },
  {
    input: "Such a name where a key is derived",
    result: "no key",
    test: names("are not derived from a name that is not valid"),
    removals: [[tenant("if (!isTenantName(tenant) || !isTenantName(tier)) {", "if (tenant === undefined) {")]],
  },
  {
    input: "A token that opens so many routes that the answer is over 8 KB",
    result: "403, where API Gateway would answer 500",
    test: authorizer("refuses with 403 when its answer would be over 8 KB"),
    removals: [[authorize("if (JSON.stringify(allowed).length > maxAnswerBytes) {", "if (maxAnswerBytes < 0) {")]],
  },
];
