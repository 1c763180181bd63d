import type { PlatformConfig } from "./schema";

/** Path of the web app that the sign-in page returns to. */
const callbackPath = "/signed-in";

/**
 * Returns the configuration with what its web app needs of the rest: browsers may send requests from its origin, and the
 * sign-in page returns to it. Nothing is added twice.
 */
export function withWebApp(config: PlatformConfig): PlatformConfig {
  if (config.web === undefined) return config;
  const { cors, signIn } = config;
  const origin = `https://${config.web.domain}`;
  return {
    ...config,
    cors: { ...cors, origins: including(cors.origins, origin) },
    signIn: {
      ...signIn,
      callbackUrls: including(signIn.callbackUrls, `${origin}${callbackPath}`),
      logoutUrls: including(signIn.logoutUrls, `${origin}/`),
    },
  };
}

function including(list: readonly string[], value: string): string[] {
  return list.includes(value) ? [...list] : [...list, value];
}
