import assert from "node:assert/strict";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
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
    const { handler } = await loadBundle("identity-triggers", environment());
    assert.deepEqual(claimsOf(await handler(userEvent())), { tenant_id: "acme", tier: "free" });
    const event = machineEvent();
    assert.deepEqual(await handler(event), event);
  });

  it("answers within Cognito's 5 s when DynamoDB does not", async () => {
    storage = await startFakeDynamo(() => {});
    const { handler, lines } = await loadBundle("identity-triggers", environment());
    const started = performance.now();
    await assert.rejects(handler(userEvent()), { message: "The tenant could not be read; try again" });
    assert.ok(performance.now() - started < 4_000, `${performance.now() - started} ms`);
    assert.match(lines(), /"msg":"the table of members could not be read"/);
  });

  it("names the variable that is missing", async () => {
    storage = await startFakeDynamo(() => {});
    await assert.rejects(loadBundle("identity-triggers", storageEnvironment(storage.endpoint)), {
      message: "identity-triggers: MEMBERS_TABLE is missing; set the environment variable MEMBERS_TABLE",
    });
  });
});
