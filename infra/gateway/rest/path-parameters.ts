/** Returns the names of a path's parameters. @example pathParameters("/food-store/foods/{id}") // ["id"] */
export function pathParameters(path: string): string[] {
  return [...path.matchAll(/\{([^}+]+)\+?\}/g)].map(([, name]) => name!);
}
