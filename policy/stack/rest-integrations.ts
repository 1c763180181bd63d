import { G, integrationsInBody, methodKey, operationOf, operationsInBody } from "./gateway";
import { block, text, texts } from "./read";
import type { Resource } from "./resource";
import type { Stack } from "./stack";
import { peek, UNKNOWN } from "./unknown";

/** What answers a method of a REST API, declared as a resource or in an OpenAPI document. */
export interface RestIntegration {
  /** `GET /orders/{id}`. */
  readonly key: string;
  /** `NONE`, or who checks the caller. */
  readonly authorization: string;
  /** `AWS_PROXY`, `HTTP`, `MOCK`. */
  readonly type: string;
  /** Empty where it is not known before the deployment. */
  readonly uri: string;
  /** Whether answers are passed on as they come. */
  readonly streams: boolean;
  /** Parameters that tell kept answers apart. */
  readonly cacheKeys: readonly string[];
  /** Where the parameters of the request to the backend come from. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** The integrations of a REST API: those in its document, and those that are resources. */
export function integrationsOf(api: Resource, stack: Stack): RestIntegration[] {
  return [
    ...integrationsOfBody(api),
    ...stack.referrers(api, G.integration, "restApi").map((one) => integrationOf(one, stack)),
  ];
}

/** The integrations in a REST API's document. */
export function integrationsOfBody(api: Resource): RestIntegration[] {
  const operations = operationsInBody(api);
  return integrationsInBody(api).map((integration, i) =>
    read(integration, operations[i]!.key, operations[i]!.authorization),
  );
}

/** The integration that is a resource. */
export function integrationOf(resource: Resource, stack: Stack): RestIntegration {
  const key = methodKey(resource, stack);
  const method = stack.of(G.method).find((one) => peek(() => methodKey(one, stack)) === key);
  const authorization = method === undefined ? "NONE" : operationOf(method, stack).authorization;
  return read(resource.props, key, authorization);
}

function read(props: Record<string, any>, key: string, authorization: string): RestIntegration {
  const uri = peek(() => text(props["uri"]));
  return {
    key,
    authorization,
    type: text(props["type"]).toUpperCase(),
    uri: uri === UNKNOWN ? "" : uri,
    streams: text(props["responseTransferMode"]).toUpperCase() === "STREAM",
    get cacheKeys() {
      return texts(props["cacheKeyParameters"]);
    },
    get parameters() {
      return block(props["requestParameters"]);
    },
  };
}
