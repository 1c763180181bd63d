import assert from "node:assert/strict";
import { createCustomMessageTrigger } from "../../../apps/identity-triggers/custom-message";
import { type DomainRules, isThrowAway, parseDomainRules } from "../../../apps/identity-triggers/domains";
import { createPostConfirmationTrigger, type TenantRow } from "../../../apps/identity-triggers/post-confirmation";
import { createPreSignUpTrigger } from "../../../apps/identity-triggers/pre-sign-up";
import { sub, triggerEvent } from "./events";

describe("pre sign-up trigger", () => {
  const signUp = (rules: DomainRules, email: string | null, source = "PreSignUp_SignUp") =>
    createPreSignUpTrigger(rules)(triggerEvent(source, { email }));
  const listed = { allowed: ["example.com"], disposable: false };
  const open = { allowed: [], disposable: false };
  const refused = { message: "Addresses of this domain may not sign up" };
  const thrownAway = { message: "Addresses of this domain are used once and thrown away; use another one" };

  it("lets in who has an address of an allowed domain, and confirms no one by itself", async () => {
    for (const email of ["ann@example.com", "Ann@EXAMPLE.com", "ann@example.com."]) {
      assert.deepEqual(await signUp(listed, email), triggerEvent("PreSignUp_SignUp", { email }));
    }
  });

  it("refuses every other domain, those below an allowed one too, and what only looks like one", async () => {
    for (const email of [
      "a@example.org",
      "a@sub.example.com",
      "a@example.com.evil.test",
      "a@example.com@evil.test",
      "a@xexample.com",
      "example.com",
      "a@",
      "a@ex\u0430mple.com",
      null,
    ]) {
      await assert.rejects(signUp(listed, email), refused, String(email));
    }
  });

  it("refuses addresses to throw away, in any case and below their domain, unless the domain is allowed", async () => {
    for (const email of ["a@mailinator.com", "a@MAILINATOR.com", "a@x.y.mailinator.com"]) {
      await assert.rejects(signUp(open, email), thrownAway, email);
    }
    assert.ok(await signUp({ allowed: ["mailinator.com"], disposable: false }, "a@mailinator.com"));
    assert.ok(await signUp({ allowed: [], disposable: true }, "a@mailinator.com"));
    for (const email of ["a@gmail.com", "a@example.com", "a@mailinator.example.com"])
      assert.ok(await signUp(open, email));
    assert.equal(isThrowAway("com"), false);
  });

  it("asks for an address, and says nothing of one: the answer is the same for every user", async () => {
    await assert.rejects(signUp(open, null), { message: "An e-mail address is needed to sign up" });
    const errors = await Promise.all(
      ["ann@evil.test", "bob@evil.test"].map((email) => signUp(listed, email).catch(String)),
    );
    assert.equal(errors[0], errors[1]);
  });

  it("holds for people of other providers, and lets in whom an administrator makes", async () => {
    await assert.rejects(signUp(listed, "a@evil.test", "PreSignUp_ExternalProvider"), refused);
    assert.ok(await signUp(listed, "a@evil.test", "PreSignUp_AdminCreateUser"));
    assert.ok(await signUp(listed, null, "PreSignUp_AdminCreateUser"));
  });

  it("when it fails by a wrong deployment, says so at once and in one sentence", () => {
    for (const DOMAINS of ["{", "{}", "[1]", '"example.com"']) {
      assert.throws(() => parseDomainRules({ DOMAINS }), {
        message: 'identity-triggers: DOMAINS must be JSON such as ["example.com"]; deploy it again',
      });
    }
    assert.deepEqual(parseDomainRules({}), { allowed: [], disposable: false });
    const [DOMAINS, DISPOSABLE] = ['["example.com"]', "allowed"];
    assert.deepEqual(parseDomainRules({ DOMAINS, DISPOSABLE }), { allowed: ["example.com"], disposable: true });
  });
});

describe("custom message trigger", () => {
  const failures: string[] = [];
  const handler = createCustomMessageTrigger({ product: "Pet shop", onFailure: (what) => failures.push(what) });
  const parameters = { codeParameter: "{####}", usernameParameter: "{username}" };
  const sources = ["SignUp", "AdminCreateUser", "ResendCode", "ForgotPassword", "UpdateUserAttribute"];
  afterEach(() => failures.splice(0));

  it("writes every message of a pool, with what stands for the code and with nothing of the user", async () => {
    for (const source of [...sources, "VerifyUserAttribute", "Authentication"]) {
      const hostile = { email: "<b>x</b>@example.com", clientMetadata: { text: "https://evil.test" }, ...parameters };
      const { response } = await handler(triggerEvent(`CustomMessage_${source}`, hostile));
      for (const [key, text] of Object.entries<string>(response as never)) {
        if (key !== "emailSubject") assert.match(text, /\{####\}/, `${source} ${key}`);
        assert.doesNotMatch(text, /https?:|<b>|@/, `${source} ${key}`);
      }
      const { emailSubject, emailMessage, smsMessage } = response as any;
      // Lengths that Cognito takes.
      assert.ok(emailSubject.length <= 140 && emailMessage.length <= 20_000 && smsMessage.length <= 140, source);
      assert.match(emailSubject, /Pet shop/);
    }
    assert.deepEqual(failures, []);
  });

  it("has the name of the user in an invitation, without which Cognito refuses it", async () => {
    const { response } = await handler(triggerEvent("CustomMessage_AdminCreateUser", parameters));
    assert.match((response as any).emailMessage, /\{username\}.*\{####\}/);
  });

  it("when it has no text, leaves Cognito's and tells an operator: the message is sent", async () => {
    for (const event of [
      triggerEvent("CustomMessage_Something", parameters),
      triggerEvent("CustomMessage_SignUp"),
      triggerEvent("CustomMessage_SignUp", { codeParameter: null }),
      triggerEvent("CustomMessage_AdminCreateUser", { codeParameter: "{####}" }),
    ]) {
      assert.deepEqual(await handler(event), event);
    }
    assert.deepEqual([...new Set(failures)], ["a message of Pet shop has no text of its own, and Cognito's was sent"]);
    assert.equal(failures.length, 4);
  });
});

describe("post confirmation trigger", () => {
  const acme = { tier: "free", state: "active" };
  type Fail = { readonly group?: true; readonly read?: true; readonly add?: true };
  /** @param row  of the tenant; `null` for a tenant that has none */
  function trigger({ row = acme, fail = {} }: { row?: TenantRow | null; fail?: Fail } = {}) {
    const [joined, added, failures]: [unknown[], unknown[], string[]] = [[], [], []];
    const broken = () => Promise.reject(new Error("AccessDenied arn:aws:iam::123456789012:role/x"));
    const handler = createPostConfirmationTrigger({
      joinGroup: async (user) => (fail.group ? broken() : void joined.push(user)),
      tenants: {
        byDomain: new Map([["example.com", "acme"]]),
        readTenant: (name) =>
          fail.read ? broken() : Promise.resolve(name === "acme" && row !== null ? row : undefined),
        add: async (member) => (fail.add ? broken() : void added.push(member)),
      },
      onFailure: (what) => failures.push(what),
    });
    return { handler, joined, added, failures };
  }
  const confirmed = (more: object = {}) => triggerEvent("PostConfirmation_ConfirmSignUp", more);

  it("puts a new person into the group of new people and the tenant of their domain", async () => {
    const { handler, joined, added, failures } = trigger();
    assert.deepEqual(await handler(confirmed()), confirmed());
    assert.deepEqual(joined, [{ userPoolId: "eu-west-1_AbCdEf123", userName: sub }]);
    assert.deepEqual(added, [{ id: sub, tenant: "acme", tier: "free" }]);
    assert.deepEqual(failures, []);
  });

  it("believes no address that is not verified, and no tenant or group that a client names", async () => {
    for (const email_verified of ["false", "TRUE", undefined]) {
      const { handler, added } = trigger();
      await handler(confirmed({ userAttributes: { sub, email: "ann@example.com", email_verified } }));
      assert.deepEqual(added, []);
    }
    const { handler, added } = trigger();
    const claimed = { tenant: "acme", "custom:tenantId": "acme", group: "admins" };
    const userAttributes = { sub, email: "eve@evil.test", email_verified: "true", ...claimed };
    await handler(confirmed({ userAttributes, clientMetadata: claimed }));
    assert.deepEqual(added, []);
  });

  it("does nothing for who recovers a password", async () => {
    const { handler, joined, added } = trigger();
    await handler(triggerEvent("PostConfirmation_ConfirmForgotPassword"));
    assert.deepEqual([joined, added], [[], []]);
  });

  it("takes no external provider's word for the address that a tenant's people have", async () => {
    const { handler, joined, added, failures } = trigger();
    const event = confirmed();
    event.request.userAttributes["cognito:user_status"] = "EXTERNAL_PROVIDER";
    await handler(event);
    assert.deepEqual([joined.length, added, failures], [1, [], []]);
  });

  it("puts no one into a tenant that is gone, or never was, and tells an operator", async () => {
    for (const row of [null, { tier: "free", state: "removed" }, { tier: "free" }, { tier: "*", state: "active" }]) {
      const { handler, joined, added, failures } = trigger({ row });
      await handler(confirmed());
      assert.deepEqual([joined.length, added], [1, []]);
      assert.deepEqual(failures, ["tenant acme takes no members; add it with the tenant command, then its new member"]);
    }
  });

  it("when it fails, lets the person sign in with less, tells an operator, and does the other part", async () => {
    const group = trigger({ fail: { group: true } });
    assert.deepEqual(await group.handler(confirmed()), confirmed());
    assert.deepEqual(
      [group.added.length, group.failures],
      [1, ["a new person could not join their group; add them to it"]],
    );
    for (const fail of [{ read: true }, { add: true }] as const) {
      const tenant = trigger({ fail });
      assert.deepEqual(await tenant.handler(confirmed()), confirmed());
      assert.deepEqual(
        [tenant.joined.length, tenant.failures],
        [1, ["a new person could not join their tenant; add them with the tenant command"]],
      );
    }
  });
});
