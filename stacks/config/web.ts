import type { PlatformConfig } from "./schema";

/** Path of the web app that the sign-in page returns to. */
const callbackPath = "/signed-in";

/** What a web app adds to lists of the configuration. */
interface WebAppUrls {
  readonly origin: string;
  readonly callbackUrl: string;
  readonly logoutUrl: string;
}

/** Returns the URLs of a web app by its name. */
export function webAppUrls({ domain }: NonNullable<PlatformConfig["web"]>): WebAppUrls {
  const origin = `https://${domain}`;
  return { origin, callbackUrl: `${origin}${callbackPath}`, logoutUrl: `${origin}/` };
}

/**
 * Returns the configuration with what its web app needs of the rest: browsers may send requests from its origin, and the
 * sign-in page returns to it. Nothing is added twice. `webProblems` checks that there is room for them.
 */
export function withWebApp(config: PlatformConfig): PlatformConfig {
  if (config.web === undefined) return config;
  const { cors, signIn } = config;
  const { origin, callbackUrl, logoutUrl } = webAppUrls(config.web);
  return {
    ...config,
    cors: { ...cors, origins: including(cors.origins, origin) },
    signIn: {
      ...signIn,
      callbackUrls: including(signIn.callbackUrls, callbackUrl),
      logoutUrls: including(signIn.logoutUrls, logoutUrl),
    },
  };
}

function including(list: readonly string[], value: string): string[] {
  return list.includes(value) ? [...list] : [...list, value];
}
