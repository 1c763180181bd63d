import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { request } from "undici";
import { isOpenOperation } from "../../local/cognito/api/user-pool-api";
import { operatorKeys } from "../../local/iam/access";
import { totpCode } from "../helpers/totp";
import { sign } from "../local/iam/sigv4/signer";
import { callback, password, World } from "./cognito/world";
import type { CognitoCase, CognitoStep } from "./cognito-cases";
import type { JsonValue } from "./match";

type Seen = Record<string, any>;

/**
 * Runs the steps of a case over HTTP against the local AWS endpoint and the pool's domain. Returns what each of them has shown
 * by its name: `status`, `headers`, `body`, the sorted `keys` of a JSON body, `location` of a redirect, `claims` and `header`
 * of a token. `events` are those of triggers by their source, `sources` these in their order; `mail` the messages.
 */
export async function observeCognito({ given = {}, steps }: CognitoCase): Promise<Seen> {
  const world = await World.start(given);
  const observer = new Observer(world);
  try {
    for (const step of steps) await observer.run(step);
    const sources = world.events.map(({ triggerSource }) => triggerSource);
    const events = Object.fromEntries(world.events.map((event) => [event.triggerSource, withKeys(event)]));
    const mail = world.pools.mailbox.messages().map(({ to, subject, text, medium }) => ({ to, subject, text, medium }));
    return { ...observer.seen, sources, events, mail, ...compared(observer.seen) };
  } finally {
    await world.stop();
  }
}

class Observer {
  readonly seen: Seen = {};
  private cookie = "";

  constructor(private readonly world: World) {}

  async run(step: CognitoStep): Promise<void> {
    const { as = "last", times = 1, pass = 0 } = step;
    this.world.passed += pass;
    for (let left = times; left > 0; left--) {
      if (step.call !== undefined) this.seen[as] = await this.call(step.call, this.filled(step.input ?? {}));
      if (step.path !== undefined) this.seen[as] = await this.ask(this.filled(step));
      if (step.decode !== undefined) this.seen[as] = await this.decode(this.filled(step.decode));
    }
  }

  private async call(operation: string, input: unknown) {
    const { url } = this.world.aws;
    const body = JSON.stringify(input);
    const target = `AWSCognitoIdentityProviderService.${operation}`;
    const plain = { "content-type": "application/x-amz-json-1.1", "x-amz-target": target };
    const headers = isOpenOperation(operation) ? plain : await signed(url, plain, body);
    const answer = await request(url, { method: "POST", headers, body });
    return answered(answer.statusCode, answer.headers, await answer.body.text());
  }

  private async ask({ path = "", query = {}, form, headers = {} }: CognitoStep) {
    const search = new URLSearchParams(query);
    const answer = await request(`${this.world.issuer.url}${path}?${search}`, {
      method: form ? "POST" : "GET",
      headers: {
        ...(form && { "content-type": "application/x-www-form-urlencoded" }),
        ...(this.cookie && { cookie: this.cookie }),
        ...headers,
      },
      ...(form && { body: String(new URLSearchParams(form)) }),
    });
    const set = answer.headers["set-cookie"];
    if (set)
      this.cookie = [set]
        .flat()
        .map((each) => each.split(";")[0])
        .join("; ");
    return answered(answer.statusCode, answer.headers, await answer.body.text());
  }

  private async decode(token: string) {
    const { clock, jwks } = { clock: new Date(this.world.now), jwks: await this.world.pools.signer.jwks() };
    const verified = await jwtVerify(token, createLocalJWKSet(jwks), { currentDate: clock }).then(
      () => true,
      () => false,
    );
    const [claims, header] = [decodeJwt(token), decodeProtectedHeader(token)];
    return { claims, header, verified, keys: Object.keys(claims).sort(), headerKeys: Object.keys(header).sort() };
  }

  /** Replaces what texts name. */
  private filled<Of>(value: Of): Of {
    if (typeof value === "string") {
      const whole = /^\(([a-z]+)(?: ([^()]*))?\)$/.exec(value);
      if (whole) return this.named(whole[1]!, whole[2] ?? "") as Of;
      return value.replace(/\(([a-z]+)(?: ([^()]*))?\)/g, (_, name, rest = "") => String(this.named(name, rest))) as Of;
    }
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((each) => this.filled(each)) as Of;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, this.filled(each)])) as Of;
  }

  private named(name: string, rest: string): JsonValue {
    const { world, seen } = this;
    const [step = "", path = ""] = rest.split(" ");
    switch (name) {
      case "client":
        return world.client.id;
      case "secret":
        return world.client.secret!;
      case "pool":
        return world.poolId;
      case "password":
        return password;
      case "callback":
        return callback;
      case "code":
        return world.pools.mailbox.messages(rest)[0]!.code;
      case "hash":
        return world.secretHash(rest);
      case "basic":
        return `Basic ${Buffer.from(`${world.client.id}:${rest || world.client.secret}`).toString("base64")}`;
      case "totp":
        return totpCode(seen[step].body.SecretCode, world.now);
      case "query":
        return new URL(seen[step].location).searchParams.get(path)!;
      case "from":
        return path.split(".").reduce((value, each) => value?.[each], seen[step]);
      default:
        throw new Error(`a step names (${name} ${rest}), which is not known`);
    }
  }
}

async function signed(url: string, headers: Record<string, string>, body: string): Promise<Record<string, string>> {
  const unsigned = { method: "POST", path: "/", headers: { host: new URL(url).host, ...headers }, body };
  const { rawHeaders } = await sign(unsigned, {
    service: "cognito-idp",
    ...operatorKeys,
    sessionToken: "",
    at: new Date(),
  });
  return Object.fromEntries(rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [[name, rawHeaders[i + 1]!]] : [])));
}

function answered(status: number, headers: Record<string, unknown>, text: string) {
  const json = String(headers["content-type"]).includes("json") ? JSON.parse(text) : undefined;
  const location = headers["location"];
  return {
    ...{ status, headers, body: json ?? text },
    ...(typeof location === "string" && { location, to: location.split("?")[0] }),
    ...(json && { keys: Object.keys(json).sort() }),
    ...(Array.isArray(json?.Users) && { users: json.Users.map(({ Username }: any) => Username).sort() }),
    ...(Array.isArray(json?.UserAttributes) && {
      attributes: Object.fromEntries(json.UserAttributes.map(({ Name, Value }: any) => [Name, Value])),
    }),
    ...(json?.ChallengeParameters && { parameterKeys: Object.keys(json.ChallengeParameters).sort() }),
  };
}

/** Tells what two steps have in common. */
function compared({ access, id, first, second, other }: Seen) {
  const salt = (of: any) => of?.body?.ChallengeParameters?.SALT;
  return {
    differ: access?.header?.kid !== id?.header?.kid,
    "same salt": { first: salt(first) === salt(second), other: salt(first) === salt(other) },
  };
}

function withKeys(event: any) {
  const sorted = (of: object | null) => Object.keys(of ?? {}).sort();
  return {
    ...event,
    keys: sorted(event),
    callerKeys: sorted(event.callerContext),
    requestKeys: sorted(event.request),
    responseKeys: sorted(event.response),
  };
}
