/** `health_check` is `healthCheck` in Pulumi. */
export function camel(name: string): string {
  return name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `healthCheck`, `UserPoolClient`: `health_check`, `user_pool_client`. */
export function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter, at: number) => `${at === 0 ? "" : "_"}${letter.toLowerCase()}`);
}

/**
 * The name that Pulumi gives to an argument. Lists of more than one are plural there, which the provider's schema does
 * not tell of every argument: either form is right.
 */
export function isNamed(key: string, argument: string): boolean {
  const single = camel(argument);
  return key === single || key === plural(single);
}

function plural(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  if (/(s|x|ch|sh)$/.test(word)) return `${word}es`;
  return `${word}s`;
}
