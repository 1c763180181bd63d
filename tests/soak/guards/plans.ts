import { editsOf, type Threat, testsOf } from "./threat";

const cors = testsOf("tests/local/apigateway/rest/planned-cors.spec.ts");
const answers = testsOf("tests/local/apigateway/rest/response-cache.spec.ts");
const plannedCache = testsOf("tests/infra/gateway/rest-cache.spec.ts");
const functions = testsOf("tests/apps/lambda.spec.ts");
const localPlans = testsOf("tests/local/apigateway/rest/usage-plans.spec.ts");
const tenants = testsOf("tests/infra/gateway/tenants.spec.ts");
const policy = testsOf("tests/policy/fixtures.spec.ts");
const preflight = editsOf("infra/gateway/rest/cors.ts");
const cache = editsOf("infra/gateway/rest/cache.ts");
const definition = editsOf("infra/gateway/rest/definition.ts");
const authorizer = editsOf("infra/gateway/rest/authorizer.ts");
const localCache = editsOf("local/apigateway/rest/response-cache.ts");
const localServer = editsOf("local/apigateway/rest/server.ts");
const usagePlans = editsOf("local/apigateway/rest/usage-plans.ts");
const incoming = editsOf("apps/kit/incoming-request.ts");
const rule = editsOf("policy/rules/services/apigateway-keys.ts");

/** Tests an allowed origin in another way than by equality. */
const originBy = (expression: string) =>
  preflight(".map((origin) => `$origin == ", `.map((origin) => \`${expression} == `);

/** What browsers, caches and usage plans of a REST API refuse or keep apart. */
export const planThreats: readonly Threat[] = [
  {
    input: "Origin `null`, or one that is only like an allowed one",
    result: "no header that allows it",
    test: cors("allows no other origin, however alike, and keeps Vary"),
    removals: [
      [preflight("`#if($" + "{isAllowed})#set(", "`#if($origin)#set(")],
      [originBy("$origin.toLowerCase()")],
      [originBy('$origin.replace("evil.", "")')],
      [originBy('$origin.replace(".evil.example", "")')],
    ],
  },
  {
    input: "An allowed origin",
    result: "echoed exactly, with `Vary: Origin`",
    test: cors("echoes each origin of the configuration, by any spelling of the header, with Vary"),
    removals: [
      [preflight("    Vary: \"'Origin'\",\n", "")],
      [preflight("Access-Control-Allow-Origin = $origin)", 'Access-Control-Allow-Origin = "*")')],
    ],
  },
  {
    input: "Any origin of a request that the gateway refuses itself",
    result:
      "the one allowed origin, or any where there are several, never the request's: such an answer has no caller's data",
    test: cors("never answers a refused request with an origin that the request chose"),
    removals: [[preflight("{ [allowed]: \"'*'\" }", '{ [allowed]: "method.request.header.origin" }')]],
  },
  {
    input: "Two tenants, one URL, with a cache: the plan",
    result: "the tenant is a part of the key, by the authorizer's word",
    test: plannedCache("keys answers by tenant, path, query and origin"),
    removals: [
      [cache("      ...Object.keys(requestParameters),\n", "")],
      [cache("...pathParameters(route.path).map((name) => `method.request.path.$" + "{name}`),", "")],
      [cache("...(route.query ?? []).map(({ name }) => `method.request.querystring.$" + "{name}`),", "")],
    ],
  },
  {
    input: "The same, where a client says that it is another tenant",
    result: "the authorizer's tenant replaces the client's",
    test: plannedCache("takes the tenant from the authorizer under every kind of backend"),
    removals: [[authorizer('"context.authorizer.tenant"', '"method.request.header.x-tenant-id"')]],
  },
  {
    input: "Two tenants, one URL, with a cache: 1,000 random requests",
    result: "an answer for each",
    test: answers("never gives a tenant's answer to another, in 1,000 random requests of 5 tenants"),
    removals: [[localCache("method!.path, httpMethod, values]", "method!.path, httpMethod]")]],
  },
  {
    input: "A header that is no part of the key",
    result: "never in an answer that may be kept",
    test: functions("answers nothing that a client wrote into a header"),
    removals: [[incoming("    bindings?.event?.requestContext?.requestId,\n", "")]],
  },
  {
    input: "An answer that says which page may read it, with a cache",
    result: "a page of another origin gets its own: the origin is a part of the key",
    test: plannedCache("keys answers by tenant, path, query and origin"),
    removals: [[cache("      ...(cors ? [`method.request.header.$" + "{originHeader}`] : []),\n", "")]],
  },
  {
    input: "An answer that only its user may have",
    result: "not kept",
    test: plannedCache("keeps no answer of a route that needs a scope"),
    removals: [[cache(" || scopes.length === 0", " || scopes.length >= 0")]],
  },
  {
    input: "A health check, a write, or a legacy endpoint",
    result: "not kept",
    test: plannedCache("keeps no health check, no write, and nothing of a legacy endpoint"),
    removals: [
      [cache('method !== "GET" || ', "")],
      [cache("isHealthRoute(route) || ", "")],
      [cache(' || "url" in route', "")],
    ],
  },
  {
    input: "`Cache-Control: max-age=0`",
    result: "needs a permission that no client has",
    test: plannedCache("is off by default for what has no settings of its own, and encrypted"),
    removals: [[cache("requireAuthorizationForCacheControl: true", "requireAuthorizationForCacheControl: false")]],
  },
  {
    input: "The same on this machine",
    result: "the kept answer, with a warning",
    test: answers("is not emptied by a client without permission"),
    removals: [[localCache("if (settings.cacheControlNeedsPermission === false) {", "if (settings !== undefined) {")]],
  },
  {
    input: "Another tenant's `x-api-key`",
    result: "ignored: the key is the one that the authorizer names",
    test: tenants("need a token on every route but those of health checks, preflight requests and documents"),
    removals: [
      [
        definition(
          '"x-amazon-apigateway-api-key-source": "AUTHORIZER"',
          '"x-amazon-apigateway-api-key-source": "HEADER"',
        ),
      ],
    ],
  },
  {
    input: "The same on this machine",
    result: "ignored",
    test: localPlans("take the key from the authorizer, and never from the client, where the API says so"),
    removals: [[localServer('api.apiKeySource === "AUTHORIZER" ? authorizer?.usageIdentifierKey : ', "")]],
  },
  {
    input: "A key that is disabled, removed or unknown, or none",
    result: "403",
    test: localPlans("open nothing without a key, with one that is off, and once it is removed"),
    removals: [[usagePlans(" || !key.enabled", "")], [usagePlans("    this.keys.delete(value);\n", "")]],
  },
  {
    input: "A tenant over its tier",
    result: "429, and no other tenant loses a request",
    test: localPlans("count each key of a plan by itself"),
    removals: [
      [usagePlans("if (state.bucket?.take() === false) throw throttled();", "")],
      [usagePlans("return `$" + "{id} $" + "{keyId}`;", "return id + keyId.slice(0, 0);")],
    ],
  },
  {
    input: "A route that asks for no key",
    result: "every route but the health check's asks for one",
    test: tenants("ask for a key on every route that needs a token"),
    removals: [[authorizer("{ [own]: [], [keyScheme]: [] }", "{ [own]: [] }")]],
  },
  {
    input: "A method without `apiKeyRequired`, in any program",
    result: "a violation",
    test: policy("method-api-key finds operations of a document without a key, where the API has a usage plan"),
    removals: [[rule("if (open.length > 0)", "if (open.length < 0)")]],
  },
  {
    input: "A suspended tenant",
    result: "refused within 60 s, the longest that a decision is kept",
    test: tenants("have their decision cached by the Authorization header, for a minute at most"),
    removals: [
      [authorizer("authorizerTtlSeconds = 60", "authorizerTtlSeconds = 300")],
      [authorizer("identitySource: `method.request.header.", "identitySource: `method.request.header.Host")],
    ],
  },
];
