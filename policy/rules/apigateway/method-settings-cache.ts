import { at, isTrue } from "../../core/read";
import { requireTrue } from "../../core/require";
import type { ResourceRule } from "../../core/rule";

export const methodSettingsCache: ResourceRule = {
  scope: "resource",
  name: "method-settings-cache",
  types: ["aws:apigateway/methodSettings:MethodSettings"],
  holds: "A method that caches encrypts, and lets only the authorised empty the cache.",
  why: "Anybody's max-age=0 would pass the cache and load the servers.",
  mend: "set settings.cacheDataEncrypted and requireAuthorizationForCacheControl to true",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["APIGateway.5"], K: ["308"] },
  check(method, context) {
    if (!isTrue(at(method.props, "settings.cachingEnabled"))) return;
    requireTrue(method, context, "settings.cacheDataEncrypted", "encrypt its cache");
    requireTrue(method, context, "settings.requireAuthorizationForCacheControl", "authorise cache control");
  },
};
