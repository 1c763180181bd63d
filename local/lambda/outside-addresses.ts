import type { GraphIndex } from "../../graph/model";

/** A port that nothing listens on: what is asked there fails at once, and nothing leaves this machine. */
const nowhere = "http://127.0.0.1:9";

/**
 * Returns where the platform's functions find the keys of issuers outside: each on the origin that is mapped to this
 * machine. Where none is mapped, on a port that nothing listens on, so that the tokens of that issuer are refused.
 * @param origins  planned origin -> origin of this machine
 * @param log  gets one line per origin that is not mapped
 */
export function keyAddresses(
  index: GraphIndex,
  origins: Readonly<Record<string, string>>,
  log: (message: string) => void,
): ReadonlyMap<string, string> {
  const urls = index.ofType("aws:lambda/function:Function").flatMap(({ outputs }) => {
    const variables: Record<string, unknown> = outputs["environment"]?.variables ?? {};
    return Object.entries(variables).flatMap(([name, url]) => (/^JWKS_URL_./.test(name) ? [String(url)] : []));
  });
  return new Map([...new Set(urls)].map((url) => [url, addressOf(url, origins, log)]));
}

function addressOf(url: string, origins: Readonly<Record<string, string>>, log: (message: string) => void): string {
  const { origin } = new URL(url);
  if (Object.hasOwn(origins, origin)) return `${origins[origin]}${url.slice(origin.length)}`;
  log(
    `the keys of ${origin} are not on this machine, so its tokens are refused; map it, as in ${origin}=http://127.0.0.1:9000`,
  );
  return `${nowhere}${url.slice(origin.length)}`;
}
