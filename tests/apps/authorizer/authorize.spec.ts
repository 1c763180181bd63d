import assert from "node:assert/strict";
import { type AuthorizerAnswer, createAuthorizer } from "../../../apps/authorizer/authorize";
import { parseRoutes } from "../../../apps/authorizer/routes";
import { createLogger } from "../../../apps/kit/log";
import { parseTenantSecret, tenantKey } from "../../../apps/kit/tenant";
import { accessClaims, accessToken, signingKey } from "../helpers/tokens";
import { authorizerOf, routes, secret, secretKey, stage, statusOf } from "./helpers";

const key = signingKey("key-1");
const bearer = (claims: object = {}) => `Bearer ${accessToken(key, claims)}`;

describe("the tenants' authorizer", () => {
  it("answers with a policy of all that the token opens, who it is, and the tenant's API key", async () => {
    const allowed = (await authorizerOf(key).answer(bearer())) as AuthorizerAnswer;
    assert.deepEqual(allowed, {
      principalId: accessClaims()["sub"],
      policyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Action: "execute-api:Invoke",
            Effect: "Allow",
            Resource: [
              `${stage}/GET/shipping/shipments`,
              `${stage}/GET/shipping/shipments/*`,
              `${stage}/PUT/shipping/shipments/*`,
            ],
          },
        ],
      },
      context: { tenant: "acme", subject: accessClaims()["sub"], scopes: "shipping/write", tier: "free" },
      usageIdentifierKey: tenantKey(secret.keys.get("1")!, { tenant: "acme", tier: "free" }),
    });
  });

  it("gives the same answer for every route of the stage, as API Gateway caches it for all", async () => {
    const authorizer = authorizerOf(key);
    const token = bearer();
    const answers = await Promise.all(
      ["GET/shipping/shipments", "PUT/shipping/shipments/1", "PUT/pet-store/pets/1", "DELETE/x"].map((route) =>
        authorizer.answer(token, route),
      ),
    );
    assert.equal(new Set(answers.map((each) => JSON.stringify(each))).size, 1);
  });

  it("refuses a route whose scope the token lacks with 403", async () => {
    const authorizer = authorizerOf(key);
    const cases: [string, string, number][] = [
      ["shipping/write", "PUT/shipping/shipments/1", 200],
      ["shipping/write", "PUT/pet-store/pets/1", 403],
      ["openid", "PUT/shipping/shipments/1", 403],
      ["openid", "GET/shipping/shipments/1", 200],
      ["shipping/write", "DELETE/shipping/shipments/1", 403],
      ["shipping/write pet-store/write", "PUT/pet-store/pets/1", 200],
      ["shipping/writer shipping/* shipping/write/x", "PUT/shipping/shipments/1", 403],
      ["__proto__ constructor toString", "PUT/shipping/shipments/1", 403],
    ];
    for (const [scope, route, status] of cases) {
      assert.equal(await authorizer.status(bearer({ scope }), route), status, `${scope}: ${route}`);
    }
    const { context } = (await authorizer.answer(bearer({ scope: "openid x shipping/write y" }))) as AuthorizerAnswer;
    assert.equal(context!.scopes, "shipping/write", "scopes that open nothing are not passed on");
  });

  it("refuses a token that opens no route with 403", async () => {
    const only = parseRoutes('{"pet-store/write":["PUT /pet-store/pets/{id}"]}');
    const answer = (await authorizerOf(key, { routes: only }).answer(bearer())) as AuthorizerAnswer;
    assert.equal(statusOf(answer, `${stage}/PUT/pet-store/pets/1`), 403);
    assert.deepEqual(Object.keys(answer), ["principalId", "policyDocument"]);
  });

  it("takes one Authorization header of one strict form, and answers 401 to any other", async () => {
    const authorizer = authorizerOf(key);
    const token = accessToken(key);
    assert.equal(await authorizer.status(`Bearer ${token}`), 200);
    const wrong = [
      undefined,
      "",
      "Bearer",
      "Bearer ",
      token,
      `Bearer  ${token}`,
      `Bearer\t${token}`,
      `\tBearer ${token}`,
      ` Bearer ${token}`,
      `Bearer ${token} `,
      `Bearer ${token}\n`,
      `bearer ${token}`,
      `BEARER ${token}`,
      `Bearer Bearer ${token}`,
      `Bearer ${token}, Bearer ${token}`,
      `Bearer ${token},`,
      `Bearer ${token} ${token}`,
      `Basic ${token}`,
      `Token ${token}`,
      `Bearer "${token}"`,
      `Bearer ${token}\0`,
    ];
    for (const each of wrong) assert.equal(await authorizer.status(each), 401, JSON.stringify(each)?.slice(0, 20));
  });

  it("refuses two Authorization headers, in any spelling", async () => {
    const token = `Bearer ${accessToken(key)}`;
    const methodArn = `${stage}/GET/shipping/shipments`;
    const log = createLogger({ service: "authorizer", write: () => {} });
    const verify = async () => ({ sub: "u", scopes: [], tenant: "acme", tier: "free" });
    const handler = createAuthorizer({ verify, secret: async () => secret, routes, log });
    const raw = (event: Parameters<typeof handler>[0]) => handler(event).catch((error: Error) => error.message);
    const two = [
      { multiValueHeaders: { Authorization: [token, token] }, headers: { Authorization: token } },
      { multiValueHeaders: { Authorization: ["Basic x", token] } },
      { multiValueHeaders: { Authorization: [token], authorization: [token] } },
      { headers: { Authorization: token, authorization: token } },
      { headers: null, multiValueHeaders: null },
    ];
    for (const each of two)
      assert.equal(await raw({ methodArn, ...each }), "Unauthorized", JSON.stringify(each).slice(0, 60));
    for (const name of ["authorization", "AUTHORIZATION"]) {
      assert.equal(typeof (await raw({ methodArn, headers: { [name]: token } })), "object", name);
    }
  });

  it("refuses a tenant or tier that is no plain name with 403, and never makes it part of an ARN or key", async () => {
    const authorizer = authorizerOf(key);
    const hostile = [
      "*",
      "?",
      "../",
      "../other",
      "a/../b",
      "acme/*",
      "a".repeat(65),
      "a".repeat(129),
      "ACME",
      "acme\nfree",
      "acme ",
      "acme\0",
      "$" + "{aws:username}",
      "ácme",
      "-acme",
      "acme-",
      "",
      undefined,
      null,
      1,
      ["acme"],
      { tenant: "acme" },
    ];
    for (const value of hostile) {
      for (const claim of ["tenant_id", "tier"]) {
        const answer = (await authorizer.answer(bearer({ [claim]: value }))) as AuthorizerAnswer;
        const label = `${claim} ${JSON.stringify(value)}`;
        assert.deepEqual(answer.policyDocument.Statement[0].Resource, [`${stage}/*`], label);
        assert.equal(answer.policyDocument.Statement[0].Effect, "Deny", label);
        assert.deepEqual([answer.context, answer.usageIdentifierKey], [undefined, undefined], label);
      }
    }
    assert.equal(await authorizer.status(bearer({ tenant_id: "a".repeat(64) })), 200);
  });

  it("has no answer but 401 when something fails, never an error that would be a 500", async () => {
    const log = createLogger({ service: "authorizer", write: (line) => lines.push(line) });
    const lines: string[] = [];
    const event = { methodArn: `${stage}/GET/shipping/shipments`, headers: { Authorization: "Bearer YQ.YQ.YQ" } };
    const boom = () => Promise.reject(new TypeError("secret details"));
    const verify = async () => ({ sub: "u", scopes: [], tenant: "acme", tier: "free" });
    const failing = [
      createAuthorizer({ verify: boom, secret: async () => secret, routes, log }),
      createAuthorizer({ verify, secret: boom, routes, log }),
      createAuthorizer({ verify, secret: async () => undefined, routes, log }),
      createAuthorizer({ verify, secret: async () => ({ current: "2", keys: new Map() }), routes, log }),
    ];
    for (const handler of failing) await assert.rejects(handler(event), { message: "Unauthorized" });
    for (const wrong of [null, undefined, {}, { methodArn: 1 }, { ...event, methodArn: "arn:aws:s3:::x/live/GET/a" }]) {
      await assert.rejects(failing[0]!(wrong as never), { message: "Unauthorized" });
    }
    assert.ok(lines.length > 0);
    assert.doesNotMatch(lines.join(""), /secret details/);
  });

  it("derives the API key from the current version of the secret", async () => {
    const other = "b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXItb3Q";
    const keys = { "1": secretKey, "2": other };
    const found: (string | undefined)[] = [];
    for (const current of ["1", "2"]) {
      const rotating = parseTenantSecret(JSON.stringify({ current, keys }));
      const answer = await authorizerOf(key, { secret: async () => rotating }).answer(bearer());
      found.push((answer as AuthorizerAnswer).usageIdentifierKey);
    }
    const expected = [secretKey, other].map((each) =>
      tenantKey(Buffer.from(each, "base64url"), { tenant: "acme", tier: "free" }),
    );
    assert.deepEqual(found, expected);
  });

  it("refuses with 403 when its answer would be over 8 KB, which API Gateway answers with 500", async () => {
    const many = (count: number) =>
      parseRoutes(JSON.stringify({ "": Array.from({ length: count }, (_, i) => `GET /service-${i}/items/{id}`) }));
    const answerOf = (count: number) => authorizerOf(key, { routes: many(count) }).answer(bearer());
    const small = await answerOf(60);
    assert.equal(statusOf(small, `${stage}/GET/service-1/items/1`), 200);
    assert.ok(JSON.stringify(small).length < 8_192);
    assert.equal(statusOf(await answerOf(120), `${stage}/GET/service-1/items/1`), 403);
  });

  it("logs no token and no claim", async () => {
    const authorizer = authorizerOf(key);
    const token = bearer({ tenant_id: "*", username: "ann" });
    await authorizer.answer(token);
    assert.ok(authorizer.lines.length > 0);
    assert.doesNotMatch(authorizer.lines.join(""), /eyJ|ann|\*/);
  });
});
