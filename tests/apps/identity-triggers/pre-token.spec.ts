import assert from "node:assert/strict";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { parseGrants } from "../../../apps/identity-triggers/grants";
import { createPreTokenTrigger, type MemberRow, type PreTokenEvent } from "../../../apps/identity-triggers/pre-token";
import { loadBundle } from "../helpers/bundles";
import { dynamoClient, type Storage, startDynamo, startFakeDynamo, storageEnvironment } from "../helpers/dynamo";

const sub = "0b1f2a33-4455-4667-8899-aabbccddeeff";
const machine = "1example23456789";
const human = "1example98765432";

function userEvent(more: object = {}): PreTokenEvent {
  return {
    version: "3",
    triggerSource: "TokenGeneration_HostedAuth",
    region: "eu-west-1",
    userPoolId: "eu-west-1_AbCdEf123",
    userName: "ann",
    callerContext: { awsSdkVersion: "aws-sdk-unknown-unknown", clientId: human },
    request: { userAttributes: { sub, email: "ann@example.com" }, groupConfiguration: {}, scopes: ["openid"] },
    response: { claimsAndScopeOverrideDetails: null },
    ...more,
  } as PreTokenEvent;
}

function machineEvent(more: object = {}): PreTokenEvent {
  return userEvent({
    triggerSource: "TokenGeneration_ClientCredentials",
    userName: machine,
    callerContext: { awsSdkVersion: "aws-sdk-unknown-unknown", clientId: machine },
    request: { userAttributes: {}, groupConfiguration: {}, scopes: ["shipping/write"] },
    ...more,
  });
}

function claimsOf(answer: PreTokenEvent): unknown {
  return (answer.response as any)?.claimsAndScopeOverrideDetails?.accessTokenGeneration?.claimsToAddOrOverride;
}

describe("pre-token trigger", () => {
  function trigger(rows: Readonly<Record<string, MemberRow>>) {
    const asked: string[] = [];
    const failures: string[] = [];
    const handler = createPreTokenTrigger({
      readMember: async (id) => {
        asked.push(id);
        return Object.hasOwn(rows, id) ? rows[id] : undefined;
      },
      onFailure: (what) => failures.push(what),
    });
    return { handler, asked, failures };
  }
  const acme = { tenant: "acme", tier: "free" };
  const claims = { tenant_id: "acme", tier: "free" };

  it("copies a person at a refresh, which is no sign-in, and neither at a sign-in nor for a machine client", async () => {
    const copied: string[] = [];
    const copy = async ({ triggerSource }: { triggerSource: string }) => void copied.push(triggerSource);
    const handler = createPreTokenTrigger({ subjects: {}, copy, onFailure: assert.fail });
    const triggerSource = "TokenGeneration_RefreshTokens";
    assert.deepEqual(claimsOf(await handler(userEvent({ triggerSource }))), { subject: sub });
    await handler(userEvent());
    await handler(machineEvent());
    assert.deepEqual(copied, [triggerSource]);
  });

  it("writes who a user is in both pools, and finds the member by that id, with a pool in each region", async () => {
    const asked: string[] = [];
    const readMember = async (id: string) => {
      asked.push(id);
      return acme;
    };
    const onFailure = () => assert.fail();
    const handler = createPreTokenTrigger({ readMember, subjects: { machineId: "first-machine" }, onFailure });
    const copy = { sub: "copy", email: "ann@example.com", "custom:subject": sub };
    assert.deepEqual(claimsOf(await handler(userEvent())), { ...claims, subject: sub });
    assert.deepEqual(claimsOf(await handler(userEvent({ request: { userAttributes: copy } }))), {
      ...claims,
      subject: sub,
    });
    assert.deepEqual(claimsOf(await handler(machineEvent())), { ...claims, subject: "first-machine" });
    assert.deepEqual(asked, [sub, sub, "first-machine"]);
    const own = createPreTokenTrigger({ subjects: {}, onFailure });
    assert.deepEqual(claimsOf(await own(machineEvent())), { subject: machine });
  });

  it("never takes the subject from a client's metadata, nor from an attribute of another name", async () => {
    const handler = createPreTokenTrigger({ subjects: {}, onFailure: () => assert.fail() });
    const request = {
      userAttributes: { sub, subject: "eve" },
      clientMetadata: { subject: "eve", "custom:subject": "eve" },
    };
    assert.deepEqual(claimsOf(await handler(userEvent({ request }))), { subject: sub });
  });

  it("writes the tenant and tier of a user into the access token, and nothing into the ID token", async () => {
    const { handler, asked } = trigger({ [sub]: acme, [human]: { tenant: "other", tier: "free" } });
    const event = userEvent();
    assert.deepEqual(await handler(event), {
      ...event,
      response: { claimsAndScopeOverrideDetails: { accessTokenGeneration: { claimsToAddOrOverride: claims } } },
    });
    assert.deepEqual(asked, [sub], "the client that a user signs in with does not matter");
  });

  it("does the same for every source of a user's token", async () => {
    const { handler } = trigger({ [sub]: acme });
    for (const source of ["Authentication", "NewPasswordChallenge", "AuthenticateDevice", "RefreshTokens"]) {
      assert.deepEqual(claimsOf(await handler(userEvent({ triggerSource: `TokenGeneration_${source}` }))), claims);
    }
  });

  it("writes the tenant of a machine client into its token", async () => {
    const { handler, asked } = trigger({ [machine]: acme });
    assert.deepEqual(claimsOf(await handler(machineEvent())), claims);
    assert.deepEqual(asked, [machine]);
  });

  it("takes no tenant, tier or id from a client: metadata, attributes, scopes, a response in the event", async () => {
    const { handler } = trigger({ [sub]: acme });
    const wanted = { tenant_id: "other", tenant: "other", "custom:tenant_id": "other", tier: "premium" };
    const request = {
      userAttributes: { sub, ...wanted },
      clientMetadata: { ...wanted, sub: machine },
      scopes: ["tier"],
    };
    const response = {
      claimsAndScopeOverrideDetails: {
        accessTokenGeneration: { claimsToAddOrOverride: { ...wanted, admin: "yes" }, scopesToAdd: ["x/write"] },
      },
    };
    const answer = await handler(userEvent({ request, response }));
    assert.deepEqual(answer.response, {
      claimsAndScopeOverrideDetails: { accessTokenGeneration: { claimsToAddOrOverride: claims } },
    });
    // A machine client must not become a user whose `sub` it sends.
    const asMachine = await handler(machineEvent({ request: { userAttributes: { sub }, clientMetadata: { sub } } }));
    assert.equal(claimsOf(asMachine), undefined);
  });

  it("leaves the token of who is no member as it is", async () => {
    const { handler, failures } = trigger({});
    for (const event of [
      userEvent(),
      machineEvent(),
      userEvent({ request: {} }),
      userEvent({ request: { userAttributes: null } }),
    ]) {
      assert.deepEqual(await handler(event), event);
    }
    assert.deepEqual(failures, []);
  });

  it("never looks up the row of a tenant or a change, or an id that is none", async () => {
    const { handler, asked } = trigger({ "tenant#acme": acme, "": acme });
    for (const id of ["tenant#acme", "log#acme#2026", "", " ", "a".repeat(129), "a\n", "*", "../x"]) {
      const user = await handler(userEvent({ request: { userAttributes: { sub: id } } }));
      const client = await handler(machineEvent({ callerContext: { clientId: id } }));
      assert.deepEqual([claimsOf(user), claimsOf(client)], [undefined, undefined], id);
    }
    assert.deepEqual(asked, []);
  });

  it("writes no claim of a row that is not valid, and reports it without its values", async () => {
    const rows = [
      { tenant: "*", tier: "free" },
      { tenant: "acme" },
      { tier: "free" },
      { tenant: "acme", tier: "FREE" },
      {},
    ];
    for (const row of rows) {
      const { handler, failures } = trigger({ [sub]: row });
      const event = userEvent();
      assert.deepEqual(await handler(event), event);
      assert.deepEqual(failures, [
        "a member's row must have a valid tenant and tier; write it again with the tenant command",
      ]);
    }
  });

  it("issues no token while the table cannot be read, and gives the client no details", async () => {
    const failures: unknown[] = [];
    const handler = createPreTokenTrigger({
      readMember: () => Promise.reject(new Error("arn:aws:dynamodb:eu-west-1:123456789012:table/members is gone")),
      onFailure: (_what, error) => failures.push((error as Error).message),
    });
    await assert.rejects(handler(userEvent()), { message: "The tenant could not be read; try again" });
    assert.equal(failures.length, 1);
  });
});

describe("pre-token trigger with groups", () => {
  const grants = parseGrants(
    '{"editors":["food-store/write","pet-store/write"],"newcomers":["pet-store/write"],"guests":[]}',
  );
  const handler = createPreTokenTrigger({ grants, onFailure: (what) => assert.fail(what) });
  const scopes = [
    "openid",
    "email",
    "aws.cognito.signin.user.admin",
    "food-store/write",
    "pet-store/write",
    "shipping/write",
  ];
  const withheld = async (groupsToOverride: unknown, more: object = {}) => {
    const request = { userAttributes: { sub }, groupConfiguration: { groupsToOverride }, scopes, ...more };
    const answer: any = await handler(userEvent({ request }));
    return answer.response.claimsAndScopeOverrideDetails?.accessTokenGeneration?.scopesToSuppress ?? [];
  };

  it("leaves a user the scopes that the user's groups grant, and those of no service", async () => {
    assert.deepEqual(await withheld(["editors"]), ["shipping/write"]);
    assert.deepEqual(await withheld(["newcomers"]), ["food-store/write", "shipping/write"]);
    assert.deepEqual(await withheld(["newcomers", "editors"]), ["shipping/write"]);
    const all = ["food-store/write", "pet-store/write", "shipping/write"];
    for (const groups of [[], null, undefined, ["guests"], ["Editors"], ["__proto__"], ["eu-west-1_pool_Google"]]) {
      assert.deepEqual(await withheld(groups), all, String(groups));
    }
    assert.deepEqual(await withheld([], { groupConfiguration: null }), all);
  });

  it("leaves a token as it is that asks for nothing else, and does not fail without scopes", async () => {
    assert.deepEqual(await withheld(["editors"], { scopes: ["openid", "food-store/write"] }), []);
    for (const none of [[], null, undefined]) assert.deepEqual(await withheld([], { scopes: none }), []);
  });

  it("takes no group from a client or from an attribute that a user writes", async () => {
    const claimed = { sub, groups: "editors", "cognito:groups": "editors", "custom:groups": "editors" };
    const more = { userAttributes: claimed, clientMetadata: { ...claimed, groupsToOverride: "editors" } };
    assert.equal((await withheld([], more)).length, 3);
    const response = { claimsAndScopeOverrideDetails: { groupOverrideDetails: { groupsToOverride: ["editors"] } } };
    const request = { userAttributes: { sub }, scopes };
    const answer: any = await handler(userEvent({ request, response }));
    assert.deepEqual(answer.response.claimsAndScopeOverrideDetails, {
      accessTokenGeneration: { scopesToSuppress: ["food-store/write", "pet-store/write", "shipping/write"] },
    });
  });

  it("leaves a machine client the scopes of its configuration", async () => {
    const event = machineEvent();
    assert.deepEqual(await handler(event), event);
  });

  it("writes the tenant and takes scopes away at once", async () => {
    const both = createPreTokenTrigger({
      readMember: async () => ({ tenant: "acme", tier: "free" }),
      grants,
      onFailure: (what) => assert.fail(what),
    });
    const request = { userAttributes: { sub }, groupConfiguration: { groupsToOverride: ["editors"] }, scopes };
    const answer: any = await both(userEvent({ request }));
    assert.deepEqual(answer.response.claimsAndScopeOverrideDetails, {
      accessTokenGeneration: {
        claimsToAddOrOverride: { tenant_id: "acme", tier: "free" },
        scopesToSuppress: ["shipping/write"],
      },
    });
  });
});

describe("bundle of identity-triggers", () => {
  let storage: Storage;
  afterEach(() => storage.close());
  const environment = () => ({ ...storageEnvironment(storage.endpoint), MEMBERS_TABLE: "members" });

  it("reads the member by key from DynamoDB", async () => {
    storage = await startDynamo("members", { hashKey: "id", indexes: [] });
    const client = dynamoClient(storage);
    const Item = { id: { S: sub }, tenant: { S: "acme" }, tier: { S: "free" } };
    await client.send(new PutItemCommand({ TableName: "members", Item }));
    client.destroy();
    const { preTokenGeneration: handler } = await loadBundle("identity-triggers", environment());
    assert.deepEqual(claimsOf(await handler(userEvent())), { tenant_id: "acme", tier: "free" });
    const event = machineEvent();
    assert.deepEqual(await handler(event), event);
  });

  it("answers within Cognito's 5 s when DynamoDB does not", async () => {
    storage = await startFakeDynamo(() => {});
    const { preTokenGeneration: handler, lines } = await loadBundle("identity-triggers", environment());
    const started = performance.now();
    await assert.rejects(handler(userEvent()), { message: "The tenant could not be read; try again" });
    assert.ok(performance.now() - started < 4_000, `${performance.now() - started} ms`);
    assert.match(lines(), /"msg":"the table of members could not be read"/);
  });

  it("does not start with grants of another form, and issues no token rather than one with every scope", async () => {
    storage = await startFakeDynamo(() => {});
    for (const GRANTS of ["[]", "{", '"x"', "null", '{"editors":"food-store/write"}', '{"editors":[1]}']) {
      await assert.rejects(loadBundle("identity-triggers", { ...environment(), GRANTS }), {
        message: 'identity-triggers: GRANTS must be JSON such as {"editors": ["food-store/write"]}; deploy it again',
      });
    }
  });
});
