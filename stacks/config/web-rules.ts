import { clientNameProblems } from "./name-rules";
import { type ConfigProblem, formatValue } from "./problems";
import type { PlatformConfig } from "./schema";
import { mostUrls } from "./urls";
import { webAppUrls } from "./web";

type Web = NonNullable<PlatformConfig["web"]>;

/** What the web app is checked against. */
interface WebContext {
  readonly domain: PlatformConfig["domain"];
  /** Names that lead to something else, and to what. */
  readonly taken: ReadonlyMap<string, string>;
}

/**
 * Returns the problems of lists that the web app's URLs are added to: with them they are too long.
 * @param lists  undefined where they are invalid, as another problem says
 */
export function* webUrlProblems(
  web: Web,
  {
    cors,
    signIn,
  }: { readonly cors: PlatformConfig["cors"] | undefined; readonly signIn: PlatformConfig["signIn"] | undefined },
): Iterable<ConfigProblem> {
  const { origin, callbackUrl, logoutUrl } = webAppUrls(web);
  const lists = [
    ["cors.origins", cors?.origins, origin, mostUrls.origins],
    ["signIn.callbackUrls", signIn?.callbackUrls, callbackUrl, mostUrls.callbackUrls],
    ["signIn.logoutUrls", signIn?.logoutUrls, logoutUrl, mostUrls.logoutUrls],
  ] as const;
  for (const [path, list = [], added, most] of lists) {
    if (list.includes(added) || list.length < most) continue;
    yield {
      path,
      text: `must leave room for ${added} of the web app, at most ${most - 1} others, got ${list.length}; remove one`,
    };
  }
}

/** Returns the problems of the web app's name: it lies in the zone, and nothing else has it. */
export function* webProblems({ domain: name }: Web, { domain: { zone }, taken }: WebContext): Iterable<ConfigProblem> {
  const path = "web.domain";
  const example = `app.${zone}`;
  yield* clientNameProblems({ path, name, example }, zone, []);
  if (taken.has(name)) {
    yield {
      path,
      text: `must be a name of its own, got ${formatValue(name)}, which ${taken.get(name)} has; try "${example}"`,
    };
  }
}
