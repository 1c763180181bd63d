import { type EnvironmentVariables, originsOf } from "../kit/settings";

/** Settings of the function that publishes the documents, each from one environment variable. */
export interface ReferenceSettings {
  /**
   * PUBLISHED_AT: other URLs by those that documents have, as JSON; where the platform runs on one machine.
   * @example {"https://api.example.com":"http://127.0.0.1:4000"}
   * @default none
   */
  readonly publishedAt: Readonly<Record<string, string>>;
  /** CORS_ORIGINS: origins whose pages may read the documents, separated by commas. @default none */
  readonly corsOrigins: readonly string[];
}

/** Reads the settings. @throws {SyntaxError} when PUBLISHED_AT is no JSON */
export function referenceSettings(env: EnvironmentVariables): ReferenceSettings {
  return { publishedAt: JSON.parse(env["PUBLISHED_AT"] ?? "{}"), corsOrigins: originsOf(env) };
}
