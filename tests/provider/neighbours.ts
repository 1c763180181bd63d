import { existingIssuer } from "../e2e/helpers/existing-gateway";
import { outsideNotes } from "../helpers/outside-image";

/** Changes a written-out configuration. */
export type Change = (config: any) => void;
/** A further configuration: what changes in the one of an environment. */
export type Row = readonly [environment: "dev" | "prod", name: string, change: Change];

/** An issuer, former paths and headers, a route that is shared, and a caller from another account. */
const nextToAGateway = (config: any) => {
  config.gateways.rest = {};
  const caller = { role: "arn:aws:iam::444455556666:role/billing", routes: { "food-store": ["get-food"] } };
  const endpoints = config.regions.map(({ name }: any, i: number) => [name, `vpce-0123456789abcdef${i}`]);
  config.gateways.private = { callers: { billing: { ...caller, endpoints: Object.fromEntries(endpoints) } } };
  config.issuers = { corporate: existingIssuer };
  config.formerHeaders = { authorization: "x-auth-token", "idempotency-key": "x-request-key" };
  config.services.shipping.routes = {
    "put-shipment": { formerPath: "/logistics/v1/shipments/{id}" },
    "post-shipment": { formerPath: "/logistics/v1/shipments" },
    "get-rates": { to: { service: 10 }, formerPath: "/logistics/v1/rates" },
  };
};
/** Every trigger, every kind of provider, groups, mail by SES and a sign-in page of its own. */
const everySignIn = ({ domain, signIn, outside }: any) => {
  const clientId = "client-1";
  outside["login.example.com"] = "People who sign in there can sign in by a password instead.";
  Object.assign(signIn, {
    product: "Market",
    mail: { from: `no-reply@${domain.zone}`, sender: "ses" },
    codeByMail: true,
    secondFactor: "off",
    domain: `sign-in.${domain.api}`,
    nativeCallbackUrls: ["com.example.app:/signed-in"],
    groups: { editors: { scopes: ["food-store/write"] }, newcomers: { scopes: [] } },
    signUp: { open: true, domains: ["example.com"], disposable: "refused", group: "newcomers" },
    providers: {
      google: { clientId },
      amazon: { clientId },
      apple: { clientId, teamId: "ABCDE12345", keyId: "ABCDE12345" },
      oidc: { corporate: { clientId, issuer: "https://login.example.com", scopes: ["openid", "email"] } },
      saml: { partners: { metadataUrl: "https://login.example.com/metadata" } },
    },
  });
};

/** Configurations with what is outside the platform: gateways, issuers, images, subscribers, mail and the web app. */
export const neighbours: readonly Row[] = [
  ["dev", "next to an existing gateway", nextToAGateway],
  ["prod", "next to an existing gateway", nextToAGateway],
  [
    "dev",
    "tokens of another issuer alone",
    (config) => {
      config.issuers = { corporate: existingIssuer };
      config.tokens.pool = false;
    },
  ],
  [
    "dev",
    "a service by an image from outside",
    ({ services }) => {
      services.notes = outsideNotes;
    },
  ],
  [
    "prod",
    "changes that are told outside",
    (config) => {
      config.events = {
        subscribers: [{ service: "food-store", url: "https://hooks.example.com/changes", kinds: ["changed"] }],
        emails: [{ service: "pet-store", addresses: ["shop@example.com"] }],
      };
    },
  ],
  ["prod", "every way to sign in", everySignIn],
  [
    "dev",
    "without a web app and without the private API",
    (config) => {
      delete config.web;
      config.leaveOut = ["private"];
    },
  ],
];
