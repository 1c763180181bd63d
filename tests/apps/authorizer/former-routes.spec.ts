import assert from "node:assert/strict";
import { createAuthorizer } from "../../../apps/authorizer/authorize";
import { tokenHeaders } from "../../../apps/authorizer/former-routes";
import { createRouteAuthorizer } from "../../../apps/authorizer/route-authorizer";
import { parseRoutes } from "../../../apps/authorizer/routes";
import { createLogger } from "../../../apps/kit/log";
import { stage } from "./helpers";

const own = "PUT /shipping/shipments/{id}";
const former = "PUT /logistics/v1/shipments/{id}";
const tokenHeaderOf = tokenHeaders({
  FORMER_TOKEN_HEADER: "x-auth-token",
  FORMER_ROUTES: JSON.stringify([former]),
});
const routes = parseRoutes(JSON.stringify({ "shipping/write": [own, former] }));
const log = createLogger({ service: "authorizer", write: () => {} });
/** Whose each token is. */
const verify = async (token: string) => ({
  sub: token.split(".")[0]!,
  scopes: ["shipping/write"],
  tenant: undefined,
  tier: undefined,
});
const both = { Authorization: "Bearer own1.aaaa.aaaa", "X-Auth-Token": "old1.aaaa.aaaa" };

describe("the token of a route that clients of an existing gateway know", () => {
  it("is read from the header of its authorizer, and from no other", async () => {
    const onHttp = createRouteAuthorizer({ verify, routes, tokenHeaderOf, log });
    const subjectOf = async (routeKey: string, headers: object) =>
      onHttp({ version: "2.0", routeKey, headers: headers as Record<string, string> }).then(
        ({ context }) => context?.subject,
        (error) => error.message,
      );
    assert.equal(await subjectOf(former, both), "old1");
    assert.equal(await subjectOf(own, both), "own1");
    assert.equal(await subjectOf(former, { Authorization: both.Authorization }), "Unauthorized");
    assert.equal(await subjectOf(own, { "X-Auth-Token": both["X-Auth-Token"] }), "Unauthorized");

    const onRest = createAuthorizer({ verify, routes, tokenHeaderOf, log });
    const principalOf = (route: string) => {
      const [httpMethod = "", resource = ""] = route.split(" ");
      const methodArn = `${stage}/PUT/x`;
      return onRest({ methodArn, httpMethod, resource, headers: both }).then(({ principalId }) => principalId);
    };
    assert.equal(await principalOf(former), "old1");
    assert.equal(await principalOf(own), "own1");
  });

  it("may stand alone in its header, and not in Authorization", async () => {
    const onHttp = createRouteAuthorizer({ verify, routes, tokenHeaderOf, log });
    const ask = (routeKey: string, headers: Record<string, string>) => onHttp({ version: "2.0", routeKey, headers });
    assert.equal((await ask(former, { "x-auth-token": "Bearer abcd.aaaa.aaaa" })).context?.subject, "abcd");
    await assert.rejects(ask(own, { authorization: "abcd.aaaa.aaaa" }), /Unauthorized/);
    await assert.rejects(ask(former, { "x-auth-token": "abcd.aaaa.aaaa,abcd.aaaa.aaaa" }), /Unauthorized/);
  });

  it("is in Authorization where nothing else is said", () => {
    assert.equal(tokenHeaders({})(former), "authorization");
    assert.equal(tokenHeaderOf("GET /logistics/v1/shipments/{id}"), "authorization");
  });

  it("is refused a header that is none, and routes that are none", () => {
    assert.throws(() => tokenHeaders({ FORMER_ROUTES: "[]" }), /FORMER_TOKEN_HEADER must be a header in lower case/);
    assert.throws(() => tokenHeaders({ FORMER_TOKEN_HEADER: "X A", FORMER_ROUTES: "[]" }), /got "X A"/);
    assert.throws(() => tokenHeaders({ FORMER_TOKEN_HEADER: "x-a" }), /FORMER_ROUTES must be a JSON list/);
    assert.throws(
      () => tokenHeaders({ FORMER_TOKEN_HEADER: "x-a", FORMER_ROUTES: '["/x"]' }),
      /FORMER_ROUTES must be a JSON list/,
    );
  });
});
