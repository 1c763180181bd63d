import { editsOf, type Threat, testsOf } from "./threat";

const api = testsOf("tests/infra/gateway/private-api.spec.ts");
const signatures = testsOf("tests/local/iam/sigv4/signature-verifier.spec.ts");
const enforced = testsOf("tests/local/iam/enforced.spec.ts");
const endpoints = testsOf("tests/local/iam/vpc-endpoints.spec.ts");
const tables = testsOf("tests/infra/security/iam.spec.ts");
const rules = testsOf("tests/policy/fixtures.spec.ts");
const authorizer = editsOf("infra/gateway/rest/authorizer.ts");
const policy = editsOf("infra/gateway/private/resource-policy.ts");
const grants = editsOf("infra/gateway/private/call-grants.ts");
const verifier = editsOf("local/iam/sigv4/signature-verifier.ts");
const time = editsOf("local/iam/sigv4/signing-time.ts");
const access = editsOf("local/iam/access.ts");
const security = editsOf("infra/security/iam.ts");
const rule = editsOf("policy/rules/services/apigateway-private.ts");

const policyTest = api("allows the callers' roles their routes, and denies all others by name and by endpoint");

/** What reaches the private API, and what roles may do that they should not. */
export const privateThreats: readonly Threat[] = [
  {
    input: "A request to the private API without a signature",
    result: "403: every method demands one",
    test: api("has the called routes and no other, each of which demands a signature"),
    removals: [[authorizer('case "iam":\n      return [{ [own]: [] }];', 'case "iam":\n      return [];')]],
  },
  {
    input: "A valid principal of the account that no service's calls name, even if its own policy allows it",
    result: "403: the API's policy denies every other principal by name",
    test: policyTest,
    removals: [[policy('"aws:PrincipalArn",\n', '"aws:PrincipalAccount",\n')]],
  },
  {
    input: "A request through another endpoint, another account's or the internet",
    result: "403: the API's policy denies what does not come through its endpoint",
    test: policyTest,
    removals: [[policy('deniedUnless("aws:SourceVpce", admittedEndpoints(endpointId, outside)),', "")]],
  },
  {
    input: "A caller's code asks for another route, method or stage",
    result: "403: API and role name each",
    test: api("lets the role of each caller invoke its routes, by stage, method and path"),
    removals: [[grants("routeResource(route)}", 'routeResource(route).split("/")[0]}/*')]],
  },
  {
    input: "A private API without a denial of other principals, in any program",
    result: "a violation",
    test: rules("private-api-principals finds a private API that authorises by IAM and denies other endpoints only"),
    removals: [[rule("if (!documents.flatMap(statements).some(deniesOtherPrincipals))", "if (documents.length > 9)")]],
  },
  {
    input: "A signed request more than 5 minutes off the clock, also one that is sent again",
    result: "refused; within 5 minutes AWS accepts it again, and so does this machine",
    test: signatures("accepts a request for 5 minutes before and after it was signed, also twice"),
    removals: [
      [time("if (signedAt < earliest) {", "if (signedAt < 0) {")],
      [time("if (signedAt > latest) {", "if (signedAt < 0) {")],
    ],
  },
  {
    input: "A signed request that is sent to another region or service",
    result: "refused",
    test: signatures("refuses another region, service or day of the credential's scope"),
    removals: [
      [verifier("if (regions && !regions.includes(region)) {", "if (regions && region === '') {")],
      [verifier("if (services && !services.includes(service)) {", "if (services && service === '') {")],
    ],
  },
  {
    input: "A host or x-amz- header that is not signed",
    result: "refused",
    test: signatures("refuses an unsigned host, and every unsigned header that AWS reads"),
    removals: [[verifier('if (!name.startsWith("x-amz-") || signedHeaders.includes(name)) continue;', "continue;")]],
  },
  {
    input: "A role's code does what its policy does not allow",
    result: "AWS's AccessDenied",
    test: enforced("do of a table what the role's policy allows, and nothing else"),
    removals: [
      [access('if (decision.effect === "allow") continue;', "continue;")],
      [access("{ identity, boundary, resource: policy,", "{ identity, resource: policy,")],
    ],
  },
  {
    input: "A call of AWS from the VPC that the endpoint's policy does not let through",
    result: "AWS's AccessDenied",
    test: endpoints("refuse the calls of servers, and not those of functions outside the VPC, which use no endpoint"),
    removals: [[access(", endpoint: endpoint?.policy }", " }")]],
  },
  {
    input: "A service's role on another service's table",
    result: "denied: its policy names its own table and the indexes of it",
    test: tables("writes its statements as one inline policy"),
    removals: [
      [
        security(
          'allow(["dynamodb:GetItem", "dynamodb:PutItem"], arn),',
          'allow(["dynamodb:GetItem", "dynamodb:PutItem"], "*"),',
        ),
      ],
    ],
  },
  {
    input: "A role that another account's service makes an AWS service assume",
    result: "refused: its trust policy names the account",
    test: tables("trusts a service only on behalf of the account of the ARN it was given"),
    removals: [[security('"aws:SourceAccount": account },', '"aws:PrincipalAccount": account },')]],
  },
  {
    input: "A request as the role of another account, through an endpoint that is not that account's",
    result: "403: each such role is denied by its own endpoint",
    test: testsOf("tests/infra/gateway/private-callers.spec.ts")(
      "is in the table of access: admitted to its routes, through its endpoint alone",
    ),
    removals: [
      [
        editsOf("infra/gateway/private/resource-policy.ts")(
          'StringNotEquals: { "aws:SourceVpce": caller.endpointId }',
          'StringNotEquals: { "aws:SourceVpce": admittedEndpoints(endpointId, outside) }',
        ),
      ],
    ],
  },
];
