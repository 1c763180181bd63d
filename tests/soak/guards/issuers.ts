import { editsOf, type Threat, testsOf } from "./threat";

const issuers = testsOf("tests/apps/authorizer/issuers.spec.ts");
const gateway = testsOf("tests/local/apigateway/http/function-authorizer.spec.ts");
const plan = testsOf("tests/infra/gateway/issuers.spec.ts");
const subjects = testsOf("tests/apps/subject.spec.ts");
const other = editsOf("apps/authorizer/issuer-token.ts");
const pool = editsOf("apps/authorizer/pool-token.ts");
const token = editsOf("apps/authorizer/token.ts");
const route = editsOf("apps/authorizer/route-authorizer.ts");
const formerTokens = testsOf("tests/apps/authorizer/former-routes.spec.ts");
const formerPaths = testsOf("tests/stacks/config/former.spec.ts");
const formerRoutes = editsOf("apps/authorizer/former-routes.ts");
const bearer = editsOf("apps/authorizer/bearer.ts");
const formerRules = editsOf("stacks/config/former-rules.ts");
const subject = editsOf("apps/kit/subject.ts");
const http = editsOf("infra/gateway/http/authorizer.ts");
const local = editsOf("local/apigateway/http/function-authorizer.ts");

/** What is refused of the tokens of issuers other than the pool, and who their subjects are. */
export const issuerThreats: readonly Threat[] = [
  {
    input: "A token that is signed with another issuer's key, or a stranger's under a known key id",
    result: "401: each issuer's tokens are verified with its own keys",
    test: issuers("are verified with the keys of the issuer that they name, and no other's"),
    removals: [[token("return verifier.claimsOf(token);", "return token.payload as JwtPayload;")]],
  },
  {
    input: "A subject of another issuer that is one of the pool's users, or the other way round",
    result: "two subjects: another issuer's has its name before it, and the pool's has no `|`",
    test: issuers("never have the subject of a user of the pool, nor a user of the pool theirs"),
    removals: [
      [
        other(
          "const { name, scopes: mapping, tenant } = options;",
          'const { scopes: mapping, tenant } = options;\nconst name = "";',
        ),
      ],
      [pool('if (typeof subject !== "string" || !validSubject.test(subject)) return undefined;', "")],
    ],
  },
  {
    input: "Another audience of the issuer, also as a list",
    result: "401",
    test: issuers("are refused with a claim that is not as it must be"),
    removals: [[other("!hasAudience(claims, options.audiences) || ", "")]],
  },
  {
    input: "An identity token of the issuer",
    result: "401",
    test: issuers("are refused with a claim that is not as it must be"),
    removals: [[other(" || !isAccessToken(claims, header)", "")]],
  },
  {
    input: "A subject that would end a header",
    result: "401",
    test: issuers("are refused with a claim that is not as it must be"),
    removals: [[other("if (!validSubject.test(claims.sub!)) return undefined;", "")]],
  },
  {
    input: "The name of a platform's scope in a token whose issuer has scopes of its own",
    result: "opens nothing",
    test: issuers("open the scopes that theirs stand for, and no other"),
    removals: [[other("Object.hasOwn(mapping, scope) ? (mapping[scope] ?? []) : []", "mapping[scope] ?? [scope]")]],
  },
  {
    input: "Another tenant's name in a token of the issuer",
    result: "the tenant that the configuration gives the issuer",
    test: issuers("belong to the tenant that the configuration names"),
    removals: [[other("tenant: tenant?.name", 'tenant: claims["tenant_id"]')]],
  },
  {
    input: "A valid token on a route of another scope",
    result: "403",
    test: issuers("refuses a valid token on a route of another scope, and on one that is not listed"),
    removals: [[route("return { isAuthorized: false };", "return { isAuthorized: true };")]],
  },
  {
    input: "A kept decision on one route, used on another",
    result: "the route is a part of the key of kept decisions",
    test: plan(
      "are decided on by one function, whose decisions are kept for a token and a route, for a minute at most",
    ),
    removals: [[http(', "$context.routeKey"]', "]")]],
  },
  {
    input: "The same on this machine",
    result: "asked for each route",
    test: gateway("keeps decisions by token and route, as its identity sources say, and no failure"),
    removals: [
      [
        local(
          'if (source === "$context.routeKey") return exchange.route?.key;',
          'if (source.startsWith("$context")) return "x";',
        ),
      ],
    ],
  },
  {
    input: "A client's `x-subject` to a function",
    result: "ignored: the subject is in the event",
    test: subjects("is what the authorizer says in the event, to a function"),
    removals: [
      [
        subject(
          "bindings?.event ? eventSubject(bindings.event) : headers.get(subjectHeader)",
          "headers.get(subjectHeader)",
        ),
      ],
    ],
  },
  {
    input: "A client's `x-subject` to a server",
    result: "overwritten by the gateway",
    test: plan("give each server the verified subject in place of a client's header"),
    removals: [[editsOf("infra/gateway/http/integration.ts")("`]: subject,\n", "-2`]: subject,\n")]],
  },
  {
    input:
      "The token of another caller in the header of the other kind of path, to have its decision kept under one's own",
    result: "a path is decided on by the header that its authorizer's kept decisions have as their key",
    test: formerTokens("is read from the header of its authorizer, and from no other"),
    removals: [
      [formerRoutes('former.has(route) ? header : "authorization"', "header")],
      [route("tokenHeaderOf?.(event.routeKey)", '"authorization"')],
      [editsOf("apps/authorizer/authorize.ts")("tokenHeaderOf?.(", '((_: string) => "authorization")(')],
    ],
  },
  {
    input: "A token without its scheme in Authorization, where an existing gateway's clients have theirs alone",
    result: "401",
    test: formerTokens("may stand alone in its header, and not in Authorization"),
    removals: [[bearer('header === "authorization" || ', "")]],
  },
  {
    input: "A former path that matches a route of another scope, which its token would open too",
    result: "the configuration is refused",
    test: formerPaths("are refused where the policy of an authorizer would open more than the route"),
    removals: [[formerRules("if (!same && !mixed) continue;", "if (!same) continue;")]],
  },
];
