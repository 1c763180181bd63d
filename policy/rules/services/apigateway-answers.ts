import type { Rule } from "../../pack/rule";
import { documentOf, G, matchesRoute } from "../../stack/gateway";
import { at, block, isTrue, show, text, texts } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import { integrationOf, integrationsOf, integrationsOfBody, type RestIntegration } from "../../stack/rest-integrations";
import type { Stack } from "../../stack/stack";
import { T } from "../../stack/types";
import { peek, UNKNOWN } from "../../stack/unknown";

/** Rules for API Gateway: answers of REST APIs that are kept, streamed or the gateway's own. */
export const apigatewayAnswersRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "cache-key-caller",
    types: [G.methodSettings],
    description: "A kept answer of a method that authorises its caller has the caller, or its tenant, in its key.",
    rationale:
      "API Gateway tells kept answers apart by declared parameters only, so that one caller gets what another asked for.",
    fix: "map context.authorizer.<name> to a header of the integration and list it in cacheKeyParameters, or list the method in sharedMethods",
    severity: "high",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html",
    settings: {
      sharedMethods: {
        type: "array",
        description: "Methods whose answers are the same for every caller; * stands for anything but a slash.",
        default: [],
      },
    },
    check(settings, { stack, report, setting }) {
      if (!isTrue(at(settings.props, "settings.cachingEnabled"))) return;
      const [api] = stack.targets(settings, "restApi", T.restApi);
      if (api === undefined || !hasCache(settings, api, stack)) return;
      const shared = texts(setting("sharedMethods"));
      const others = stack.referrers(api, G.methodSettings, "restApi").filter((one) => one !== settings);
      const open = integrationsOf(api, stack)
        .filter(({ key, authorization }) => authorization !== "NONE" && covers(settings, key))
        .filter(({ key }) => !shared.some((pattern) => matchesRoute(pattern, key)))
        // Settings of one method replace those of all methods.
        .filter(({ key }) => !isOfAll(settings) || !others.some((one) => !isOfAll(one) && covers(one, key)))
        .filter((integration) => !isKeyedByCaller(integration))
        .map(({ key }) => key);
      if (open.length > 0)
        report(settings, `must keep answers by their caller, got no key of the caller for ${open.join(", ")}`);
    },
  },
  {
    scope: "stack",
    name: "gateway-response-cors",
    types: [G.response, T.restApi],
    description: "An answer of the gateway itself that allows credentials names the one origin that may read it.",
    rationale:
      "Browsers refuse credentials with any origin, and a copy of the request's origin lets every page read the answer with the user's cookies.",
    fix: "name one origin in Access-Control-Allow-Origin, or leave Access-Control-Allow-Credentials out",
    severity: "medium",
    level: "mandatory",
    ids: {},
    url: "https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS",
    check(resource, { report }) {
      const answers: [string, unknown][] =
        resource.type === G.response
          ? [[text(resource.props["responseType"]), resource.props]]
          : Object.entries(block(documentOf(resource)["x-amazon-apigateway-gateway-responses"]));
      const open = answers.filter(([, answer]) => isOpenWithCredentials(block(block(answer)["responseParameters"])));
      if (open.length > 0)
        report(
          resource,
          `must not allow credentials to any origin, got that for ${open.map(([kind]) => kind).join(", ")}`,
        );
    },
  },
  {
    scope: "stack",
    name: "integration-streaming",
    types: [G.integration, T.restApi],
    description: "A streamed integration is a proxy, invokes a function by its streaming URI, and keeps no answers.",
    rationale:
      "API Gateway streams answers of proxies only, answers 400 where a function is invoked by its other URI, and has no cache for them.",
    fix: "set type to AWS_PROXY or HTTP_PROXY and uri to responseStreamingInvokeArn, and remove cacheKeyParameters, or set responseTransferMode to BUFFERED",
    severity: "medium",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html",
    check(resource, { stack, report }) {
      const integrations =
        resource.type === G.integration ? [integrationOf(resource, stack)] : integrationsOfBody(resource);
      for (const { key, streams, type, uri, cacheKeys } of integrations) {
        if (!streams) continue;
        if (!/^(AWS|HTTP)_PROXY$/.test(type))
          report(resource, `must stream through a proxy for ${key}, got type ${show(type || undefined)}`);
        if (/\/functions\/.*\/invocations$/.test(uri))
          report(resource, `must invoke its function by the streaming URI for ${key}, got ${show(uri)}`);
        if (cacheKeys.length > 0)
          report(resource, `must not keep answers that it streams for ${key}, got cacheKeyParameters`);
      }
    },
  },
];

/** Whether the stage of method settings has a cache; one that is not in the program may have one. */
function hasCache(settings: Resource, api: Resource, stack: Stack): boolean {
  const name = peek(() => text(settings.props["stageName"]));
  const stages = stack.referrers(api, G.restStage, "restApi").filter((stage) => {
    if (settings.dependsOn("stageName").includes(stage.urn)) return true;
    const own = peek(() => text(stage.props["stageName"]));
    return own === UNKNOWN || name === UNKNOWN || own === name;
  });
  return stages.length === 0 || stages.some((stage) => isTrue(stage.props["cacheClusterEnabled"]));
}

function isOfAll(settings: Resource): boolean {
  return text(settings.props["methodPath"]) === "*/*";
}

/** Whether method settings are about a method. Those of all methods keep answers to GET only. */
function covers(settings: Resource, key: string): boolean {
  if (isOfAll(settings)) return key.startsWith("GET ");
  const path = text(settings.props["methodPath"]).replaceAll("~1", "/").replace(/^\/+/, "");
  const end = path.lastIndexOf("/");
  return key === `${path.slice(end + 1)} /${path.slice(0, Math.max(0, end))}`;
}

/** Whether a declared parameter of a kept answer is a value of the caller: a token, or what the authorizer found. */
function isKeyedByCaller({ cacheKeys, parameters }: RestIntegration): boolean {
  return cacheKeys.some((key) => {
    const source = text(parameters[key]);
    return [key, source].some((one) =>
      /^context\.(authorizer|identity)\.|^method\.request\.header\.(authorization|x-api-key|cookie)$/i.test(one),
    );
  });
}

/** Whether headers of an answer allow credentials to `*`, or to the origin that the request has. */
function isOpenWithCredentials(parameters: Readonly<Record<string, unknown>>): boolean {
  const header = (name: string) =>
    Object.entries(parameters).find(([key]) => key.toLowerCase() === `gatewayresponse.header.${name}`)?.[1];
  const origin = text(header("access-control-allow-origin"));
  return text(header("access-control-allow-credentials")) === "'true'" && (origin === "'*'" || /^[^']/.test(origin));
}
