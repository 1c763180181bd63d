import { shown } from "../ask";
import type { Check } from "../check";
import type { Target } from "../target";

/**
 * The private API answers its callers only. No gateway that is reached from outside the VPC leads to it: each refuses its
 * name, also to the routes that services call by it. Inside, it refuses who does not sign, and a principal of the account
 * whom no policy names.
 */
export function privateApiChecks(target: Target): Check[] {
  const { privateApi } = target.expected;
  if (privateApi === undefined) return [];
  return [...outsideChecks(target, privateApi), ...insideChecks(target, privateApi)];
}

type PrivateApi = NonNullable<Target["expected"]["privateApi"]>;

function outsideChecks({ global, regions, expected }: Target, { name, paths }: PrivateApi): Check[] {
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

function insideChecks({ privateDoors = [] }: Target, { paths }: PrivateApi): Check[] {
  return privateDoors.flatMap((door) =>
    paths.flatMap((template) => {
      const path = template.replaceAll(/\{\w+\}/g, "verify-none");
      const id = `private/${door.label}${template.replaceAll(/\{(\w+)\}/g, "$1")}`;
      const refusal = (
        who: string,
        headers: () => Promise<Readonly<Record<string, string>>>,
        words: RegExp,
      ): Check => ({
        id: `${id}/${who}`,
        expected: `the private API refuses ${template} with 403 and ${words.source}`,
        run: async ({ ask }) => {
          const answer = await ask(door, { path, headers: await headers() });
          return answer.status === 403 && words.test(answer.text) ? undefined : shown(answer);
        },
      });
      return [
        refusal("unsigned", async () => ({}), /Missing Authentication Token/),
        refusal("not-named", () => door.signed(path), /explicit deny in a resource-based policy/),
      ];
    }),
  );
}

/** Over TLS the name is asked for as well, and a gateway that does not have it shows the certificate of another one. */
function hasNoCertificate(error: unknown): boolean {
  for (let at: any = error; at instanceof Error; at = at.cause) {
    if ((at as NodeJS.ErrnoException).code === "ERR_TLS_CERT_ALTNAME_INVALID") return true;
  }
  return false;
}
