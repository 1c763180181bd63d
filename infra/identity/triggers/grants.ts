/** The groups of a user pool, by name, and the scopes that each grants. */
export type Groups = Readonly<Record<string, { readonly scopes: readonly string[] }>>;

/**
 * Returns the value of the variable that tells the pre-token trigger which group grants which scopes, as JSON.
 * @example grantsVariable({ editors: { scopes: ["food-store/write"] } }) // '{"editors":["food-store/write"]}'
 */
export function grantsVariable(groups: Groups): string {
  return JSON.stringify(Object.fromEntries(Object.entries(groups).map(([name, { scopes }]) => [name, scopes])));
}
