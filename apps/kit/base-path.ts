/**
 * Returns the path of a REST API's event without the base path of its custom domain, which API Gateway leaves in. A base path
 * is one segment here, and the first segment of every route is the name of its service.
 * @param path      as the client sent it @example "/v2/food-store/foods/1"
 * @param resource  path of the route @example "/food-store/foods/{id}"
 */
export function withoutBasePath(path: string, resource: string | undefined): string {
  const service = resource?.split("/")[1];
  const [, first, second] = path.split("/", 3);
  return service === undefined || first === service || second !== service ? path : path.slice(first!.length + 1);
}
