import type { GraphIndex } from "../graph/model";
import type { Gateways } from "./apigateway/gateways";
import type { Route53 } from "./route53/route53";

/** What public addresses lead to. */
interface PublicParts {
  /** The one address for clients, which stands for the environment's global name. */
  readonly url: string;
  readonly gateways: Pick<Gateways, "of">;
  /** URLs of sign-in pages by region. */
  readonly issuer?: { readonly urls: Readonly<Record<string, string>> } | undefined;
}

/** Returns the URLs of this machine by the planned ones that clients know: of every API's name, with
 * `wss:` of a WebSocket API's, and of the sign-in page. */
export function publicAddresses(
  index: GraphIndex,
  route53: Route53,
  { url, gateways, issuer }: PublicParts,
): ReadonlyMap<string, string> {
  const { answers, globalName } = route53;
  const names = Object.keys(answers).map((name): [string, string] => [
    `https://${name}`,
    name === globalName ? url : (gateways.of(route53.resolve(name).apiId)?.url ?? url),
  ]);
  const domains = index.ofType("aws:cognito/userPoolDomain:UserPoolDomain");
  const signIn = domains.flatMap(({ outputs, region }): [string, string][] =>
    issuer?.urls[region!] ? [[signInUrl(outputs["domain"], region), issuer.urls[region!]!]] : [],
  );
  // The one address leads a WebSocket to the region that Route 53 answers for its name.
  const sockets = route53.webSocketName
    ? [[`wss://${route53.webSocketName}`, url.replace(/^http/, "ws")] as const]
    : [];
  return new Map([...names, ...signIn, ...sockets]);
}

/** A name of its own has a dot, a prefix of Cognito's has none. */
function signInUrl(domain: string, region: string | undefined): string {
  return domain.includes(".") ? `https://${domain}` : `https://${domain}.auth.${region}.amazoncognito.com`;
}
