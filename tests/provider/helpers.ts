import { Plugin } from "./client/plugin";
import { getPlugin } from "./plugin/get";

/** What lets the provider run without an account. */
export const offline = {
  region: "eu-west-1",
  access_key: "test",
  secret_key: "test",
  skip_credentials_validation: true,
  skip_requesting_account_id: true,
  skip_metadata_api_check: "true",
  skip_region_validation: true,
};

/**
 * Starts the provider as the checks use it.
 * @param settings  arguments of the provider, in place of or beside the ones without an account
 * @param env  environment variables of the provider's process
 */
export async function startProvider(
  settings: Readonly<Record<string, unknown>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<Plugin> {
  const { command } = await getPlugin();
  const plugin = await Plugin.start(command, env);
  await plugin.configure({ ...offline, ...settings });
  return plugin;
}
