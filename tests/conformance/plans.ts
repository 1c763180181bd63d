import { catalog, type ServiceName, serviceNames } from "../../apps/catalog";
import type { ServiceCalls } from "../../apps/kit/definition";
import { GraphIndex, type PlannedResource } from "../../graph/model";
import { planStack } from "../../graph/plan";
import { changedValues, writtenOut } from "../helpers/configuration";

export type Environment = "dev" | "prod";
export const environments = ["dev", "prod"] as const;

/** Tags that everything in a region carries. */
export const regionTagsOf = (environment: string, region: string) => ({
  project: "platform",
  environment,
  region,
  "managed-by": "pulumi",
});

const plans = new Map<Environment, Promise<GraphIndex>>();

/** The environment as one stack, planned once for every spec of the process. */
export function planned(environment: Environment): Promise<GraphIndex> {
  const plan = plans.get(environment) ?? planStack(environment).then((graph) => new GraphIndex(graph));
  plans.set(environment, plan);
  return plan;
}

/** What belongs to APIs of a protocol: routes, stages, authorizers. @param type  of API Gateway, as `route:Route` */
export function ofProtocol(plan: GraphIndex, type: string, protocol: "HTTP" | "WEBSOCKET"): PlannedResource[] {
  const apis = plan.where("aws:apigatewayv2/api:Api", { protocolType: protocol }).map(({ outputs }) => outputs["id"]);
  return plan.ofType(`aws:apigatewayv2/${type}`).filter(({ inputs }) => apis.includes(inputs["apiId"]));
}

/** The configuration as the program reads it, defaults included, without the `platform:` prefix; a copy of its own. */
export function configOf(environment: Environment): any {
  return writtenOut(environment);
}

/** The same environment with another configuration. */
export async function replanned(environment: Environment, change: (config: any) => void): Promise<GraphIndex> {
  return new GraphIndex(await planStack(environment, { config: changedValues(environment, change) }));
}

/** The same environment with a REST API and its firewall in front of every service, and with tenants of two tiers. */
export function plannedWithTenants(environment: Environment): Promise<GraphIndex> {
  return replanned(environment, withTenants);
}

/** Plans while the contracts of some services say that they call others than they do; one plan at a time. */
export async function withCalls<T>(
  calls: Partial<Readonly<Record<ServiceName, ServiceCalls>>>,
  plan: () => Promise<T>,
): Promise<T> {
  const contracts = Object.entries(calls).map(([name, declared]) => {
    const contract = catalog[name as ServiceName] as { calls: ServiceCalls };
    return { contract, own: contract.calls, declared };
  });
  for (const { contract, declared } of contracts) contract.calls = declared;
  try {
    return await plan();
  } finally {
    for (const { contract, own } of contracts) contract.calls = own;
  }
}

/** Plans while no service calls another, so that a REST API is the one of clients; one plan at a time. */
export function withoutCalls<T>(plan: () => Promise<T>): Promise<T> {
  return withCalls(Object.fromEntries(serviceNames.map((name) => [name, {}])), plan);
}

/** Gives a configuration a REST API and tenants. */
export function withTenants(config: any): void {
  config.gateways.rest = {
    services: Object.keys(config.services),
    domain: `rest.${config.domain.api}`,
    waf: { requestsPerFiveMinutes: 2_000 },
  };
  config.tenants = { tiers: { free: { rate: 1, burst: 3 }, premium: { rate: 200, burst: 400 } } };
}

/** Gives a configuration every kind of experiment that its regions can have. */
export function withExperiments(config: any): void {
  const both = config.regions.length > 1;
  config.experiments = { minutes: 10, instance: true, zone: true, dependency: both, region: both };
}

/**
 * Gives a configuration tenants, a firewall of the web app, and every setting of signing in that needs a resource of its
 * own.
 */
export function withSignIn(config: any): void {
  const { zone, api } = config.domain;
  withTenants(config);
  config.web = { ...config.web, waf: { requestsPerFiveMinutes: 2_000 } };
  Object.assign(config.signIn, {
    domain: `sign-in.${api}`,
    groups: { editors: { scopes: ["food-store/write"] }, newcomers: { scopes: [] } },
    signUp: {
      open: true,
      group: "newcomers",
      domains: ["example.com", "partner.example.com"],
      disposable: "refused",
      tenants: { "partner.example.com": "acme" },
    },
    nativeCallbackUrls: ["com.example.app:/signed-in"],
    providers: {
      oidc: { Company: { issuer: "https://login.example.org", clientId: "platform", scopes: ["openid", "email"] } },
      saml: { Partner: { metadataUrl: "https://idp.example.org/metadata.xml" } },
      google: { clientId: "1234.apps.googleusercontent.com" },
      amazon: { clientId: "amzn1.application-oa2-client.1234" },
      apple: { clientId: "com.example.app", teamId: "ABCDE12345", keyId: "KEY1234567" },
    },
    secondFactor: "off",
    mail: { from: `no-reply@${zone}`, sender: "ses" },
    phone: { alarmDollars: 5 },
    product: "Pet shop",
    codeByMail: true,
    recordSignIns: true,
  });
}
