import { selectPath } from "../rest/json-path";

/** Chooses the route of a message: a key of the API, or `$default`. */
export type RouteSelection = (message: string) => string;

/**
 * Compiles a route selection expression: `$request.body.<path>`, or a text with such variables in braces.
 * @example routeSelection("${request.body.service}/${request.body.action}")('{"service":"chat","action":"join"}') // "chat/join"
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-routes.html
 */
export function routeSelection(expression: string): RouteSelection {
  return (message) => {
    let body: unknown;
    try {
      body = JSON.parse(message);
    } catch {
      return "$default";
    }
    return expression.replaceAll(
      /\$\{request\.body\.([^}]+)\}|\$request\.body\.([\w.[\]'-]+)/g,
      (_, braced?: string, bare?: string) => textOf(selectPath(body, `$.${braced ?? bare}`)),
    );
  };
}

/** Arrays and objects are written as Java writes them: `[a, b]`. */
function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return `[${value.map(textOf).join(", ")}]`;
  if (typeof value !== "object") return String(value);
  return `{${Object.entries(value)
    .map(([name, each]) => `${name}=${textOf(each)}`)
    .join(", ")}}`;
}
