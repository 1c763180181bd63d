import { shown } from "../ask";
import { type Check, NotRun, type Session } from "../check";
import { pathOf, type ServiceStory, type WriteStory } from "../story";
import type { Door, ExpectedIssuer, FormerRoute, Target } from "../target";

/** Name of the variable with an access token of an issuer. */
export function issuerTokenVariable(name: string): string {
  return `PLATFORM_ISSUER_TOKEN_${name.toUpperCase().replaceAll("-", "_")}`;
}

/**
 * A token of an issuer other than the pool opens the routes that its scopes stand for, by their own paths and by those that the
 * issuer's clients know, and no others. The body has an unknown field, so that nothing is stored.
 */
export function issuerChecks(target: Target, door: Door, story: ServiceStory): Check[] {
  const { issuers = [], services } = target.expected;
  const former = services.find(({ name }) => name === story.name)?.formerRoutes ?? [];
  return issuers.flatMap((issuer) =>
    story.writes
      .filter(({ body, ofSession }) => body !== undefined && !ofSession)
      .flatMap((write) => [
        admission(target, door, story, { issuer, write }),
        ...former
          .filter(({ of }) => of === write.route.id)
          .map((path) => admission(target, door, story, { issuer, write, path })),
      ]),
  );
}

interface Admission {
  readonly issuer: ExpectedIssuer;
  readonly write: WriteStory;
  /** @default the route's own path */
  readonly path?: FormerRoute;
}

function admission(target: Target, door: Door, story: ServiceStory, { issuer, write, path }: Admission): Check {
  const { name, scopes: mapping } = issuer;
  const route = path ?? write.route;
  const send = (session: Session, token?: string) => {
    const header = path?.tokenHeader;
    return session.ask(door, {
      method: route.method,
      path: pathOf(route, session.items.idFor(door.label)),
      body: { ...write.body, verify: true },
      ...(token !== undefined && (header ? { headers: { [header]: token } } : { token })),
    });
  };
  return {
    id: `issuer/${name}/${door.label}/${story.name}/${route.id}`,
    expected: `${route.method} ${route.path} is opened by a token of ${name} with ${route.scopes.join(" or ")}, and refused without one`,
    run: async (session) => {
      const token = target.issuerTokens?.[name];
      if (token === undefined) throw new NotRun(`no token of ${name}; set ${issuerTokenVariable(name)}`);
      const granted = scopesOf(name, token).flatMap((scope) => (mapping ? (mapping[scope] ?? []) : [scope]));
      const opens = route.scopes.some((scope) => granted.includes(scope));
      const [without, answer] = [await send(session), await send(session, token)];
      if (without.status !== 401) return `without a token ${shown(without)}`;
      return answer.status === (opens ? 400 : 403) ? undefined : shown(answer);
    },
  };
}

/** Scopes in a token's own words, which nothing here verifies. @throws {NotRun} for what is no JWT */
function scopesOf(name: string, token: string): readonly string[] {
  try {
    const { scope, scp } = JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString());
    return [scope ?? scp ?? ""].flat().flatMap((each: string) => each.split(" "));
  } catch {
    throw new NotRun(`the token of ${name} is no JWT; set ${issuerTokenVariable(name)} to an access token`);
  }
}
