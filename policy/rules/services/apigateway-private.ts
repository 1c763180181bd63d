import type { Rule } from "../../pack/rule";
import { documentOf, G, isPrivate, type Operation, operationOf, operationsInBody } from "../../stack/gateway";
import { isNarrowed, isPublic, type Statement, statements } from "../../stack/iam";
import { at, list, show, texts } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import type { Stack } from "../../stack/stack";
import { T } from "../../stack/types";
import { peek, UNKNOWN, UnknownInput } from "../../stack/unknown";

/** Condition keys by which an Allow itself names VPC endpoints or VPCs. */
const networkKeys: ReadonlySet<string> = new Set(["aws:sourcevpc", "aws:sourcevpce"]);

/** Rules for API Gateway: who reaches a private API, and its name. */
export const apigatewayPrivateRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "private-api-policy",
    types: [T.restApi],
    description: "A private REST API has a resource policy that admits named VPC endpoints, VPCs or principals.",
    rationale:
      "API Gateway deploys no private API without a policy, and one that allows every caller lets in each VPC endpoint of every AWS account.",
    fix: "allow execute-api:Invoke for named roles, or with a condition on aws:SourceVpce, in an aws.apigateway.RestApiPolicy",
    severity: "high",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html",
    check(api, { stack, report }) {
      if (!isPrivate(api)) return;
      const documents = policiesOf(api, stack);
      if (documents.length === 0) return report(api, "must have a resource policy, as it is private, got none");
      if (documents.includes(UNKNOWN)) throw new UnknownInput("policy");
      const found = documents.flatMap(statements);
      const open = found.filter(isPublic);
      if (open.length === 0) return;
      if (!found.some(deniesOtherNetworks))
        return report(api, "must not admit every caller, as it is private, got an Allow for * without a condition");
      if (authorisesByIam(api, stack))
        report(
          api,
          "must name the roles that may call its methods, as AWS_IAM authorises them, got an Allow for every principal",
        );
    },
  },
  {
    scope: "stack",
    name: "private-api-principals",
    types: [T.restApi],
    description:
      "A private REST API whose methods authorise by IAM denies the principals that its policy does not name.",
    rationale:
      "In one account an allowance of either side is enough, so that every role whose own policy allows execute-api gets in, and not those alone that the policy of the API names.",
    fix: "deny execute-api:Invoke with StringNotEquals of aws:PrincipalArn and the roles that may call",
    severity: "medium",
    level: "production",
    ids: {},
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html",
    check(api, { stack, report }) {
      if (!isPrivate(api) || !authorisesByIam(api, stack)) return;
      const documents = policiesOf(api, stack);
      if (documents.length === 0) return;
      if (documents.includes(UNKNOWN)) throw new UnknownInput("policy");
      if (!documents.flatMap(statements).some(deniesOtherPrincipals))
        report(api, "must deny principals that it does not name, got no Deny by aws:PrincipalArn");
    },
  },
  {
    scope: "stack",
    name: "private-api-callers",
    types: [T.restApi],
    description:
      "The policy of a private REST API admits roles, not whole accounts, and each through VPC endpoints that it names.",
    rationale:
      "An Allow for an account lets in everything that its administrators give execute-api to, and one without an endpoint lets a leaked key be used from any VPC of AWS.",
    fix: "name the role that calls as principal, and deny others than its endpoint with StringNotEquals of aws:SourceVpce",
    severity: "medium",
    level: "production",
    ids: {},
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html",
    check(api, { stack, report }) {
      if (!isPrivate(api)) return;
      const documents = policiesOf(api, stack);
      if (documents.includes(UNKNOWN)) throw new UnknownInput("policy");
      const found = documents.flatMap(statements);
      const allowing = found.filter(({ allow }) => allow);
      const account = allowing.flatMap(({ principals }) => list(principals)).find(isAccount);
      if (account !== undefined) {
        report(api, `must admit roles by name, not a whole account, got ${show(account.slice("AWS:".length))}`);
      }
      const named = allowing.filter((statement) => !isPublic(statement) && !isNarrowed(statement, networkKeys));
      const [principal] = named.flatMap(({ principals }) => list(principals));
      if (principal !== undefined && !found.some(deniesOtherNetworks)) {
        report(
          api,
          `must name the VPC endpoints of whom it admits, got any for ${show(principal.replace(/^AWS:/, ""))}`,
        );
      }
    },
  },
  {
    scope: "resource",
    name: "private-domain-policy",
    types: [G.restDomain],
    description: "A private custom domain name of API Gateway has a policy that admits its VPC endpoints.",
    rationale: "Without a policy the domain name denies every request, and nothing but a request shows it.",
    fix: "set policy to an Allow of execute-api:Invoke, and a Deny with StringNotEquals of aws:SourceVpce",
    severity: "medium",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains.html",
    check(domain, { report }) {
      if (!texts(list(at(domain.props, "endpointConfiguration.types"))).includes("PRIVATE")) return;
      const found = statements(domain.props["policy"]);
      if (!found.some(({ allow }) => allow)) return report(domain, "must have a policy, as it is private, got none");
      const open = found.some(isPublic) && !found.some(deniesOtherNetworks);
      if (open) report(domain, `must admit its VPC endpoints only, got ${show("*")} without a condition`);
    },
  },
];

/** Whether a statement denies every principal but those that it names. */
function deniesOtherPrincipals({ allow, conditions, principals }: Statement): boolean {
  return (
    !allow &&
    conditions.some((key) =>
      /^\w*Not(Equals|Like)\w* aws:(principalarn|principalorgid|principalaccount)$/i.test(key),
    ) &&
    list(principals).some((one) => one === "*" || one === "AWS:*")
  );
}

/** Whether a principal is everything in an account. */
function isAccount(principal: string): boolean {
  return /^AWS:(\d{12}|arn:[^:]+:iam::\d{12}:root)$/.test(principal);
}

/** Whether a method of an API, a resource or one of its document, demands a signature. */
function authorisesByIam(api: Resource, stack: Stack): boolean {
  const own = stack.referrers(api, G.method, "restApi").map((method) => peek(() => operationOf(method, stack)));
  const declared = peek(() => operationsInBody(api));
  return [...own, ...(Array.isArray(declared) ? declared : [])].some(
    (operation) => operation !== UNKNOWN && (operation as Operation).authorization === "AWS_IAM",
  );
}

/** Resource policies of a REST API: its own, those in its document, and those of policy resources. */
function policiesOf(api: Resource, stack: Stack): unknown[] {
  const own = [
    peek(() => api.props["policy"]),
    peek(() => documentOf(api)["x-amazon-apigateway-policy"]),
    ...stack.referrers(api, G.restApiPolicy, "restApiId").map((one) => peek(() => one.props["policy"])),
  ];
  return own.filter((policy) => policy !== undefined && policy !== null && policy !== "");
}

/** Whether a statement denies calls that come from other VPC endpoints, VPCs or principals than it names. */
function deniesOtherNetworks(statement: Statement): boolean {
  return (
    !statement.allow &&
    statement.conditions.some((key) => /^\w*NotEquals\w* aws:(sourcevpc|sourcevpce|principalorgid)$/i.test(key)) &&
    list(statement.principals).some((one) => one === "*" || one === "AWS:*")
  );
}
