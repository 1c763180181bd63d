import { list, show, text, texts } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const routeAuthorised: ResourceRule = {
  scope: "resource",
  name: "route-authorised",
  types: [T.route, "aws:apigateway/method:Method"],
  holds: "A route that is not on the list of public ones asks who is calling.",
  why: "A forgotten authorizer is an open door that works, so nobody notices.",
  mend: "set an authorizer, or list the route in publicRoutes",
  severity: "high",
  level: "mandatory",
  ids: { F: ["APIGateway.8"], N: ["APIG4"], K: ["59", "g70", "309"] },
  settings: {
    publicRoutes: {
      type: "array",
      description: "Route keys that need no token; * stands for anything but a slash. OPTIONS is always public.",
      default: ["GET /healthz", "GET /*/healthz"],
    },
  },
  check(route, { report, setting }) {
    const type = text(route.props["authorizationType"] ?? route.props["authorization"]) || "NONE";
    if (type !== "NONE") {
      // A JWT without a scope proves that somebody signed in, an ID token too.
      if (type === "JWT" && list(route.props["authorizationScopes"]).length === 0)
        report(route, "must name a scope, got none");
      return;
    }
    const key = text(route.props["routeKey"] ?? `${text(route.props["httpMethod"])} ${route.name}`);
    if (key.startsWith("OPTIONS ") || key === "OPTIONS") return;
    const isPublic = texts(setting("publicRoutes")).some((pattern) => matchesRoute(pattern, key));
    if (!isPublic) report(route, `must be authorised, got authorizationType NONE for ${show(key)}`);
  },
};

function matchesRoute(pattern: string, key: string): boolean {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^/]*");
  return new RegExp(`^${source}$`).test(key);
}
