import { type Answer, type Question, shown } from "../ask";
import { type Check, NotRun, type Session } from "../check";
import { pathOf, type ServiceStory, type WriteStory } from "../story";
import type { Door } from "../target";
import { gatewayBody, isBody } from "./answers";

/** A well-formed token whose signature no key made. */
const forgedToken = [
  { alg: "RS256", typ: "JWT", kid: "verify" },
  { sub: "verify", exp: 4_102_444_800 },
]
  .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
  .concat(Buffer.from("not a signature").toString("base64url"))
  .join(".");

const tooLargeBytes = 256 * 1_024 + 1;

/**
 * Protected routes refuse a request without token, with a forged one and with one of another scope. The body is
 * empty, so that nothing is stored where a refusal is missing.
 * @param challenged  whether a 401 says what to send, as API Gateway's own authorizer does and one that asks a function does not
 */
export function refusalChecks(
  door: Door,
  story: ServiceStory,
  { scopes, challenged }: { readonly scopes: readonly string[]; readonly challenged: boolean },
): Check[] {
  return story.writes.flatMap((write) => {
    const { route } = write;
    const place = `${door.label}/${story.name}/${route.id}`;
    const others = scopes.filter((scope) => !route.scopes.includes(scope));
    const send = (session: Session, token?: string) =>
      sendTo(session, door, write, { body: {}, ...(token ? { token } : {}) });
    const unauthorized = (answer: Answer) =>
      answer.status === 401 &&
      isBody(answer, gatewayBody("Unauthorized")) &&
      (!challenged || answer.headers["www-authenticate"]?.startsWith("Bearer"))
        ? undefined
        : shown(answer);
    return [
      {
        id: `no-token/${place}`,
        expected: `${route.method} ${route.path} without a token is refused with 401 {"message":"Unauthorized"}`,
        run: async (session) => unauthorized(await send(session)),
      },
      {
        id: `forged-token/${place}`,
        expected: `${route.method} ${route.path} with a forged token is refused with 401 {"message":"Unauthorized"}`,
        run: async (session) => unauthorized(await send(session, forgedToken)),
      },
      {
        id: `other-scope/${place}`,
        expected: `${route.method} ${route.path} with a token without ${route.scopes.join(" or ")} is refused with 403 {"message":"Forbidden"}`,
        run: async (session) => {
          if (others[0] === undefined) throw new NotRun("there is no other scope to ask for");
          const answer = await send(session, await session.token([others[0]], route.scopes));
          return answer.status === 403 && isBody(answer, gatewayBody("Forbidden")) ? undefined : shown(answer);
        },
      },
    ];
  });
}

/** With the right scope the body of a route that reads one reaches the service, which refuses what its contract does not allow. */
export function bodyChecks(door: Door, story: ServiceStory): Check[] {
  return story.writes.flatMap((write) => {
    const { route, body } = write;
    if (body === undefined) return [];
    const place = `${door.label}/${story.name}/${route.id}`;
    const refused = (id: string, what: string, status: number, code: string, question: Partial<Question>): Check => ({
      id: `${id}/${place}`,
      expected: `${route.method} ${route.path} with ${what} is refused with ${status} ${code}`,
      run: async (session) => {
        const answer = await sendTo(session, door, write, { ...question, token: await session.token(route.scopes) });
        const error = answer.json as { code?: unknown } | undefined;
        return answer.status === status && error?.code === code ? undefined : shown(answer);
      },
    });
    const padding = JSON.stringify({ ...body, padding: "x".repeat(tooLargeBytes) });
    return [
      refused("unknown-field", "an unknown field", 400, "invalid_body", { body: { ...body, verify: true } }),
      refused("too-large", "a body over 256 KB", 413, "payload_too_large", { body: padding }),
    ];
  });
}

function sendTo(session: Session, door: Door, { route }: WriteStory, question: Partial<Question>): Promise<Answer> {
  const id = session.items.idFor(door.label);
  return session.ask(door, { method: route.method, path: pathOf(route, id), ...question });
}
