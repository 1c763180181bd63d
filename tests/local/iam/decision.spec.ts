import assert from "node:assert/strict";
import { callerContext } from "../../../local/iam/caller-context";
import { denialMessage } from "../../../local/iam/denial";
import type { Caller } from "../../../local/iam/principals";
import { account, allow, decided, deny, object, other, outcome, session, user } from "./helpers";

const arnOf = (caller: Caller) => (caller as { arn: string }).arn;
const names = (AWS: unknown) => allow({ Principal: { AWS } });
const none: readonly object[] = [];

describe("a decision of IAM", () => {
  /**
   * What a grant in the policy of a resource is worth, when another kind of policy is there and does not allow.
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
   */
  describe("with a policy of the resource, in one account", () => {
    const root = `arn:aws:iam::${account}:root`;
    const role = (session as { role: string }).role;
    const table: readonly [caller: Caller, principal: string, identity: string, boundary: string, session: string][] = [
      [user, arnOf(user), "allow", "allow", "allow"],
      [user, "*", "allow", "allow", "allow"],
      [user, root, "implicit deny", "implicit deny", "implicit deny"],
      [session, arnOf(session), "allow", "allow", "allow"],
      [session, "*", "allow", "allow", "allow"],
      [session, role, "allow", "implicit deny", "implicit deny"],
      [session, root, "implicit deny", "implicit deny", "implicit deny"],
    ];
    for (const [caller, principal, ...effects] of table) {
      it(`that names ${principal} for the ${caller.kind}`, () => {
        const resource = [names(principal)];
        const asked = { caller };
        const found = [
          decided({ resource, identity: none }, asked),
          decided({ resource, identity: none, boundary: none }, asked),
          decided({ resource, identity: none, session: none }, asked),
        ];
        assert.deepEqual(
          found.map(({ effect }) => effect),
          effects,
        );
      });
    }

    it("is allowed by an identity policy when the account is named, within its limits", () => {
      const given = { resource: [names(account)], identity: [allow()] };
      assert.equal(outcome(given), "allow by identity");
      assert.equal(outcome({ ...given, boundary: none }), "implicit deny by boundary");
      assert.equal(outcome({ ...given, session: none }), "implicit deny by session");
    });
  });

  it("is a denial when any policy denies, and names the statement", () => {
    const all = { identity: [allow()], resource: [allow({ Principal: "*" })] };
    for (const kind of ["identity", "boundary", "session"] as const) {
      assert.equal(outcome({ ...all, [kind]: [allow(), deny()] }), `explicit deny by ${kind}`);
    }
    for (const kind of ["resource", "endpoint"] as const) {
      const denial = deny({ Principal: "*", Sid: "Closed" });
      const found = decided({ ...all, [kind]: [allow({ Principal: "*" }), denial] });
      assert.deepEqual(found, { effect: "explicit deny", by: kind, sid: "Closed" });
    }
  });

  it("across accounts needs both sides, and no grant passes the limits of the caller", () => {
    const asked = { caller: session, resourceAccount: other };
    const resource = [names(arnOf(session))];
    const identity = [allow()];
    assert.equal(outcome({ identity, resource }, asked), "allow by identity");
    assert.equal(outcome({ resource }, asked), "implicit deny by identity");
    assert.equal(outcome({ identity }, asked), "implicit deny by resource");
    assert.equal(outcome({ identity, resource: [names(other)] }, asked), "implicit deny by resource");
    assert.equal(outcome({ identity, resource, boundary: none }, asked), "implicit deny by boundary");
    assert.equal(outcome({ identity, resource, session: none }, asked), "implicit deny by session");
    assert.equal(outcome({ identity, resource: [names(account)] }, asked), "allow by identity");
  });

  it("on a key or a role needs their own policy, which may leave it to the account's", () => {
    const identity = [allow()];
    const rows = [
      ["kms:Decrypt", `arn:aws:kms:eu-west-1:${account}:key/1-2`, "resource"],
      ["sts:AssumeRole", `arn:aws:iam::${account}:role/deployer`, "trust"],
    ] as const;
    for (const [action, resource, kind] of rows) {
      const asked = { action, resource };
      assert.equal(outcome({ identity }, asked), `implicit deny by ${kind}`);
      assert.equal(outcome({ identity, resource: none }, asked), `implicit deny by ${kind}`);
      assert.equal(outcome({ resource: [names(account)] }, asked), "implicit deny by identity");
      assert.equal(outcome({ identity, resource: [names(account)] }, asked), "allow by identity");
      assert.equal(outcome({ resource: [names(arnOf(user))] }, asked), `allow by ${kind}`);
    }
    assert.equal(outcome({ identity }, { action: "kms:ListKeys", resource: "*" }), "allow by identity");
  });

  it("through an endpoint needs its policy too, which grants nothing", () => {
    const endpoint = [allow({ Principal: "*", Action: "s3:GetObject" })];
    assert.equal(outcome({ identity: [allow()], endpoint }), "allow by identity");
    assert.equal(outcome({ endpoint }), "implicit deny by identity");
    const asked = { action: "s3:PutObject" };
    assert.equal(outcome({ identity: [allow()], endpoint }, asked), "implicit deny by endpoint");
    assert.equal(outcome({ resource: [names(arnOf(user))], endpoint }, asked), "implicit deny by endpoint");
  });

  it("lets services, tokens and anonymous callers in by the policy of the resource alone", () => {
    const callers: readonly [Caller, object][] = [
      [{ kind: "service", service: "sns.amazonaws.com" }, { Service: "sns.amazonaws.com" }],
      [{ kind: "web-identity", provider: "accounts.example" }, { Federated: ["accounts.example"] }],
    ];
    for (const [caller, Principal] of callers) {
      assert.equal(outcome({ resource: [allow({ Principal })] }, { caller }), "allow by resource");
      assert.equal(outcome({ identity: [allow()] }, { caller }), "implicit deny by resource");
      assert.equal(outcome({ resource: [names(account)] }, { caller }), "implicit deny by resource");
    }
    const caller = { kind: "anonymous" } as const;
    assert.equal(outcome({ resource: [names("*")] }, { caller }), "allow by resource");
    assert.equal(outcome({ resource: [names([account, arnOf(user)])] }, { caller }), "implicit deny by resource");
  });

  it("allows the root user of an account everything in it that nothing denies", () => {
    const caller = { kind: "root", account } as const;
    assert.equal(decided({}, { caller }).effect, "allow");
    assert.equal(decided({ resource: [deny({ Principal: "*" })] }, { caller }).effect, "explicit deny");
    assert.equal(decided({}, { caller, resourceAccount: other }).effect, "implicit deny");
  });

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
  it("leaves out of a denial with NotPrincipal who is named with account and role, but no caller with a boundary", () => {
    const spared = (AWS: readonly string[], caller: Caller, more = {}) => {
      const resource = [allow({ Principal: "*" }), deny({ Principal: undefined, NotPrincipal: { AWS } })];
      return decided({ resource: JSON.parse(JSON.stringify(resource)), ...more }, { caller }).effect === "allow";
    };
    assert.ok(spared([arnOf(user), account], user));
    assert.ok(!spared([arnOf(user)], user));
    assert.ok(!spared([account], user));
    assert.ok(spared([arnOf(session), (session as { role: string }).role, account], session));
    assert.ok(!spared([arnOf(session), account], session));
    assert.ok(!spared([arnOf(user), account], user, { boundary: [allow()] }));
  });

  it("has AWS's message", () => {
    const asked = { caller: user, action: "s3:GetObject" };
    const start = `User: ${arnOf(user)} is not authorized to perform: s3:GetObject`;
    const message = (given: Parameters<typeof decided>[0], resource?: string) =>
      denialMessage({ ...asked, ...(resource && { resource }) }, decided(given));
    assert.equal(message({}), `${start} because no identity-based policy allows the s3:GetObject action`);
    assert.equal(
      message({ identity: [deny()] }, object),
      `${start} on resource: ${object} with an explicit deny in an identity-based policy`,
    );
    assert.equal(
      message({ identity: [allow()], boundary: [] }),
      `${start} because no permissions boundary allows the s3:GetObject action`,
    );
    assert.equal(
      message({ identity: [allow()], endpoint: [] }),
      `${start} because no VPC endpoint policy allows the s3:GetObject action`,
    );
  });

  it("knows who calls by condition keys", () => {
    assert.equal(callerContext(session)["aws:PrincipalArn"], (session as { role: string }).role);
    assert.deepEqual(callerContext(user), {
      "aws:PrincipalArn": arnOf(user),
      "aws:PrincipalAccount": account,
      "aws:PrincipalType": "User",
      "aws:PrincipalIsAWSService": "false",
      "aws:username": "mia",
    });
  });
});
