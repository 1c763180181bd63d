import type { GraphIndex } from "../graph/model";
import type { Gateways } from "./apigateway/gateways";
import type { Route53 } from "./route53/route53";

/** What public addresses lead to. */
interface PublicParts {
  /** The one address for clients, which stands for the environment's global name. */
  readonly url: string;
  readonly gateways: Pick<Gateways, "of">;
  readonly issuer?: { readonly url: string } | undefined;
}

/** Returns the URLs of this machine by the planned ones that clients know: of every API's name, and of the sign-in page. */
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
    issuer ? [[`https://${outputs["domain"]}.auth.${region}.amazoncognito.com`, issuer.url]] : [],
  );
  return new Map([...names, ...signIn]);
}
