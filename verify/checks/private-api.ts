import { shown } from "../ask";
import type { Check } from "../check";
import type { Target } from "../target";

/**
 * No gateway that is reached from outside the VPC leads to the private API: each refuses its name, also to the routes that
 * services call by it.
 */
export function privateApiChecks({ global, regions, expected }: Target): Check[] {
  const { privateApi } = expected;
  if (privateApi === undefined) return [];
  const { name, paths } = privateApi;
  return [global, ...expected.regions.map((region) => regions[region]!)].flatMap((door) =>
    paths.map((path) => ({
      id: `private/${door.label}${path.replaceAll(/\{(\w+)\}/g, "$1")}`,
      expected: `${door.name} refuses ${path} of ${name} with 403 or 404`,
      run: async ({ ask }) => {
        const question = { path: path.replaceAll(/\{\w+\}/g, "verify-none"), host: name };
        const answer = await ask(door, question).catch((error) => {
          if (hasNoCertificate(error)) return undefined;
          throw error;
        });
        if (answer === undefined) return undefined;
        // 421: a front that knows which names its certificate is for. A service's own 404 has a code.
        const refused = [403, 404, 421].includes(answer.status) && !/"code"/.test(answer.text);
        return refused ? undefined : shown(answer);
      },
    })),
  );
}

/** Over TLS the name is asked for as well, and a gateway that does not have it shows the certificate of another one. */
function hasNoCertificate(error: unknown): boolean {
  for (let at: any = error; at instanceof Error; at = at.cause) {
    if ((at as NodeJS.ErrnoException).code === "ERR_TLS_CERT_ALTNAME_INVALID") return true;
  }
  return false;
}
