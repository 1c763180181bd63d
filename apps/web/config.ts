/** How people sign in: addresses of the user pool's pages and the client that this app is. */
export interface SignInSettings {
  /** The `iss` of its tokens. */
  readonly issuer: string;
  /** Address of its pages: `/oauth2/authorize` is below it. */
  readonly url: string;
  readonly clientId: string;
  /** Scopes that the app asks for; a person gets those that their groups grant. */
  readonly scopes: readonly string[];
}

/** One region, or one service, of the environment. */
export interface Named {
  readonly name: string;
}

/** What the app is told about its environment, by `/config.json`: a deployment writes it, no build knows it. */
export interface WebConfig {
  readonly environment: string;
  /** The API's address, which moves between regions. */
  readonly apiUrl: string;
  /** Address of live changes of items, `wss://…`. @default there are none */
  readonly liveUrl?: string;
  /** Whether the API admits members of tenants, and says by `/usage` what a tenant has used. @default false */
  readonly tenants?: boolean;
  readonly signIn: SignInSettings;
  /** How people sign in at the user pool of the other region. @default there is one pool */
  readonly otherSignIn?: SignInSettings & { readonly region: string };
  readonly regions: readonly (Named & { readonly url: string })[];
  readonly services: readonly (Named & { readonly title: string })[];
}

/**
 * Reads `/config.json`.
 * @throws {Error} one sentence, when it cannot be read or is of another form
 */
export async function loadConfig(): Promise<WebConfig> {
  const answer = await fetch("/config.json", { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(`/config.json was answered ${answer.status}; deploy the environment again`);
  const config: Partial<WebConfig> = await answer.json();
  for (const key of ["environment", "apiUrl", "signIn", "regions", "services"] as const) {
    if (config[key] === undefined) throw new Error(`/config.json has no ${key}; deploy the environment again`);
  }
  return config as WebConfig;
}
