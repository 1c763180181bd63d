import { clientNameProblems } from "./name-rules";
import { type ConfigProblem, formatValue } from "./problems";
import type { PlatformConfig } from "./schema";

/** What the web app is checked against. */
interface WebContext {
  readonly domain: PlatformConfig["domain"];
  /** Names that lead to something else. */
  readonly taken: readonly string[];
}

/** Returns the problems of the web app's name: it lies in the zone, and nothing else has it. */
export function* webProblems(
  { domain: name }: NonNullable<PlatformConfig["web"]>,
  { domain: { zone }, taken }: WebContext,
): Iterable<ConfigProblem> {
  const path = "web.domain";
  const example = `app.${zone}`;
  yield* clientNameProblems({ path, name, example }, zone, []);
  if (taken.includes(name)) {
    yield {
      path,
      text: `must be a name of its own, and ${formatValue(name)} is that of an API, a region or the sign-in page; try "${example}"`,
    };
  }
}
