import { editsOf, type Threat, testsOf } from "./threat";

const pages = testsOf("tests/local/cognito/pages.spec.ts");
const external = testsOf("tests/local/cognito/external.spec.ts");
const replay = testsOf("tests/local/cognito/replay.spec.ts");
const issuer = testsOf("tests/local/cognito/issuer.spec.ts");
const crossSite = editsOf("local/cognito/pages/cross-site.ts");
const page = editsOf("local/cognito/pages/send-page.ts");
const markup = editsOf("local/cognito/pages/html.ts");
const totp = editsOf("local/cognito/directory/totp.ts");
const lockOut = editsOf("local/cognito/directory/lock-out.ts");
const grants = editsOf("local/cognito/grants.ts");
const federation = editsOf("local/cognito/federation/external-sign-ins.ts");
const providers = editsOf("local/cognito/federation/providers.ts");
const recovery = editsOf("local/cognito/accounts/recovery.ts");
const authentication = editsOf("local/cognito/accounts/authentication.ts");

/** What the local user pool and its sign-in pages refuse. */
export const signInThreats: readonly Threat[] = [
  {
    input: "A form of another site, of another browser, or without the browser's cookie",
    result: "400, and no redirect",
    test: pages("a form of another site, or of another browser"),
    removals: [[crossSite("if (fits && (origin", "if (true || (origin")], [crossSite("origin === ownOrigin", "true")]],
  },
  {
    input: "A page of another site that signs the browser in by a name alone",
    result: "400: only programs do",
    test: pages("a browser that signs in by a name alone"),
    removals: [[crossSite("if (headers.origin === undefined &&", "if (true ||")]],
  },
  {
    input: "A sign-in page in a frame, or a script in it",
    result: "the browser shows no frame and runs no script",
    test: pages("have no script and no frame"),
    removals: [
      [page("    \"frame-ancestors 'none'\",\n", "")],
      [page("default-src 'none'", "default-src *")],
      [page('    "x-frame-options": "DENY",\n', "")],
    ],
  },
  {
    input: "Markup in a user name, a state, or the message of a trigger",
    result: "shown as text",
    test: pages("show what people and triggers write as text"),
    removals: [[markup("return escaped(String(part));", "return String(part);")]],
  },
  {
    input: "A redirect URI that is not exactly a planned one",
    result: "400, and no redirect",
    test: pages("a redirect that is not planned"),
    removals: [[grants("if (!client.callbackUrls.includes(uri))", "if (false)")]],
  },
  {
    input: "A plain challenge in place of S256, or none from a public client",
    result: "`invalid_request`",
    test: issuer("redirects with "),
    removals: [[grants('challengeForm.test(challenge) && method === "S256"', "true")]],
  },
  {
    input: "A code that is used again",
    result: "refused, and what its first use gave is revoked",
    test: replay("gives nothing and revokes what its first use gave"),
    removals: [[grants("    this.revokeWhenReplayed(code);\n", "")]],
  },
  {
    input: "A code of the second factor that was used, or is older or newer than one step",
    result: "refused",
    test: pages("set a software token up where the pool requires one"),
    removals: [[totp("if (this.usedSteps.has(step))", "if (false)")], [totp("window: 1", "window: 2")]],
  },
  {
    input: "Guesses of a password",
    result: "the fifth locks for a second, each further one for twice as long",
    test: pages("lock out who guesses a password"),
    removals: [[lockOut("if (doublings >= 0)", "if (false)")]],
  },
  {
    input: "A name that no user has, where the client hides users",
    result: "the answers of one that a user has",
    test: pages("are the same for people who do not exist"),
    removals: [
      [recovery("if (user === undefined && client.hidesUsers) return simulatedDelivery(username);", "")],
      [authentication("client.hidesUsers ? failures.wrongPassword() :", "")],
    ],
  },
  {
    input: "The answer of a provider in another browser, a second time, or to a sign-in that was not begun",
    result: "400, and no redirect",
    test: external("end in the browser that began them, once"),
    removals: [
      [federation('hashOf(cookieOf(req, cookie) ?? "") !== started.browser', "false")],
      [federation("    this.started.delete(state);\n    if", "    if")],
    ],
  },
  {
    input: "A tenant that an external provider would write",
    result: "no sign-in: the client may not write it",
    test: external("cannot be a tenant that the client may not write"),
    removals: [[providers("if (refused) throw", "if (false) throw")]],
  },
  {
    input: "A refresh token that was revoked, or replaced longer ago than the grace period",
    result: "refused",
    test: issuer("replaces a refresh token and lets the old one work for the planned grace"),
    removals: [[editsOf("local/cognito/refresh-tokens.ts")("given.replacedUntil <= now", "false")]],
  },
];
