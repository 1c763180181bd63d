import type { Rule } from "../../pack/rule";
import { authorizersInBody, documentOf, G, isWebSocket } from "../../stack/gateway";
import { list, number, show, text, texts } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import type { Stack } from "../../stack/stack";
import { T } from "../../stack/types";
import { peek, UNKNOWN } from "../../stack/unknown";

const permission = "aws:lambda/permission:Permission";
const association = "aws:wafv2/webAclAssociation:WebAclAssociation";

/** Rules for API Gateway: what its authorizers, functions and firewall know of a caller. */
export const apigatewayCallersRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "api-key-source",
    types: [T.restApi],
    description: "A REST API whose keys come from an authorizer has a Lambda authorizer.",
    rationale: "Without one no request has a key, and each method that asks for a key answers 403.",
    fix: "add a Lambda authorizer that returns usageIdentifierKey, or set apiKeySource to HEADER",
    severity: "high",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-key-source.html",
    check(api, { stack, report }) {
      const source = api.props["apiKeySource"] ?? documentOf(api)["x-amazon-apigateway-api-key-source"];
      if (text(source) !== "AUTHORIZER") return;
      const kinds = [
        ...authorizersInBody(api).map(([, { type }]) => text(type)),
        ...stack.referrers(api, G.authorizer, "restApi").map(restKind),
      ];
      if (!kinds.some((kind) => /^(token|request)$/i.test(kind)))
        report(api, "must have a Lambda authorizer, as its API keys come from one, got none");
    },
  },
  {
    scope: "stack",
    name: "authorizer-cache",
    types: [G.authorizer, T.authorizer, T.restApi],
    description: "The decision of a Lambda authorizer is kept by what tells its callers apart, and for 300 s at most.",
    rationale:
      "A decision that is kept by less than the caller's identity admits other callers, and one that is kept for long admits a caller whose access was taken away.",
    fix: "name a header or parameter of the caller as identity source, and set authorizerResultTtlInSeconds to 300 or less",
    severity: "high",
    level: "production",
    ids: {},
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html",
    settings: {
      mostSeconds: { type: "integer", description: "Longest time that a decision may be kept.", default: 300 },
    },
    check(resource, { stack, report, setting }) {
      const most = setting<number>("mostSeconds");
      for (const { name, seconds, sources } of decisionsOf(resource, stack)) {
        const of = name === undefined ? "" : ` of ${name}`;
        if (seconds > most)
          report(
            resource,
            `must keep decisions${of} for ${most} s at most, got ${seconds}`,
            `set authorizerResultTtlInSeconds to ${most}`,
          );
        if (seconds > 0 && !sources.some(isOfCaller))
          report(
            resource,
            `must keep decisions${of} by what a caller sends, got identity source ${show(sources.join(", ") || undefined)}`,
            "name a header or parameter that tells the callers apart as identity source, or set authorizerResultTtlInSeconds to 0",
          );
      }
    },
  },
  {
    scope: "resource",
    name: "permission-api-source",
    types: [permission],
    description: "The permission of API Gateway to invoke a function names one API.",
    rationale:
      "Each API of the account could otherwise invoke the function, also one that authorises its callers in no way.",
    fix: "set sourceArn to the executionArn of the API, with stage, method and path behind it",
    severity: "medium",
    level: "production",
    ids: {},
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html",
    check(resource, { report }) {
      const { props } = resource;
      if (!/^apigateway\.amazonaws\.com/.test(text(props["principal"]))) return;
      const arn = peek(() => text(props["sourceArn"]));
      if (arn === UNKNOWN) return;
      const api = /^arn:[^:]*:execute-api:[^:]*:[^:]*:([^/]*)/.exec(arn)?.[1];
      if (arn === "" && text(props["sourceAccount"]) !== "") report(resource, "must name an API, got an account alone");
      if (api?.includes("*")) report(resource, `must name an API, got ${show(arn)}`);
    },
  },
  {
    scope: "stack",
    name: "web-acl-association-stage",
    types: [association],
    description: "A web ACL of API Gateway is associated with a stage of a REST API.",
    rationale:
      "WAF refuses the ARN of an API, an execution ARN and every HTTP or WebSocket API, in the middle of the deployment.",
    fix: "set resourceArn to the arn of the aws.apigateway.Stage",
    severity: "medium",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/waf/latest/APIReference/API_AssociateWebACL.html",
    check(one, { stack, report }) {
      if (stack.targets(one, "resourceArn", G.restStage).length > 0) return;
      const arn = peek(() => text(one.props["resourceArn"]));
      // The name of a stage in an ARN is no reference: another API may have a stage of that name.
      if (arn !== UNKNOWN && /::\/restapis\/[^/]+\/stages\//.test(arn)) return;
      const [target] = stack.targets(one, "resourceArn", T.restApi, T.api, T.stage);
      const isOther = arn !== UNKNOWN && /:execute-api:|:apigateway:[^:]*::\/(apis\/|restapis\/[^/]+$)/.test(arn);
      if (target !== undefined || isOther)
        report(one, `must name a stage of a REST API, got ${target ?? show(arn === UNKNOWN ? undefined : arn)}`);
    },
  },
];

/** How long decisions are kept, and by what. */
interface Decision {
  /** Scheme in a document. */
  readonly name?: string;
  readonly seconds: number;
  readonly sources: readonly string[];
}

/** What a Lambda authorizer keeps; nothing for authorizers of other kinds. */
function decisionsOf(resource: Resource, stack: Stack): Decision[] {
  const { props, type } = resource;
  if (type === T.restApi) {
    return authorizersInBody(resource)
      .filter(([, authorizer]) => /^(token|request)$/i.test(text(authorizer["type"])))
      .map(([name, authorizer]) => ({
        name,
        seconds: number(authorizer["authorizerResultTtlInSeconds"]) ?? 300,
        // The header of a TOKEN authorizer is the one that its scheme names.
        sources: /^token$/i.test(text(authorizer["type"]))
          ? ["method.request.header.Authorization"]
          : split(authorizer["identitySource"]),
      }));
  }
  const seconds = number(props["authorizerResultTtlInSeconds"]);
  if (type === G.authorizer) {
    if (restKind(resource) === "COGNITO_USER_POOLS") return [];
    const sources = split(props["identitySource"] ?? "method.request.header.Authorization");
    return [{ seconds: seconds ?? 300, sources }];
  }
  // A WebSocket API asks its authorizer once per connection, and keeps nothing.
  if (text(props["authorizerType"]) !== "REQUEST" || isWebSocket(resource, stack)) return [];
  return [{ seconds: seconds ?? 0, sources: texts(list(props["identitySources"])) }];
}

function restKind({ props }: Resource): string {
  return text(props["type"]) || "TOKEN";
}

function split(sources: unknown): string[] {
  return text(sources)
    .split(",")
    .map((source) => source.trim())
    .filter((source) => source !== "");
}

/** Whether an identity source is something that a caller sends, and no value of the API or the route. */
function isOfCaller(source: string): boolean {
  return /^(method\.request\.|\$request\.)|^\$?context\.identity\./.test(source);
}
