import assert from "node:assert/strict";
import {
  createChallengeTrigger,
  createDefineChallengeTrigger,
  createVerifyChallengeTrigger,
  type Round,
} from "../../../apps/identity-triggers/challenge";
import { createPostAuthenticationTrigger } from "../../../apps/identity-triggers/post-authentication";
import { createPreAuthenticationTrigger } from "../../../apps/identity-triggers/pre-authentication";
import { sub, triggerEvent } from "./events";

describe("pre authentication trigger", () => {
  const source = "PreAuthentication_Authentication";
  const failures: string[] = [];
  afterEach(() => failures.splice(0));
  const signIn = (allowed: readonly string[], request: object = {}) =>
    createPreAuthenticationTrigger({
      rules: () => ({ allowed, disposable: false }),
      onFailure: (what) => failures.push(what),
    })(triggerEvent(source, request));

  it("refuses who has an address of a domain that is not allowed any more", async () => {
    assert.ok(await signIn(["example.com"]));
    await assert.rejects(signIn(["example.org"]), { message: "Addresses of this domain may not sign in" });
    await assert.rejects(signIn(["example.com"], { email: null }), /may not sign in/);
  });

  it("lets everyone in with an empty list, and leaves users who do not exist to Cognito", async () => {
    assert.ok(await signIn([]));
    assert.ok(await signIn([], { email: null }));
    assert.ok(await signIn(["example.org"], { userNotFound: true }));
    assert.deepEqual(failures, []);
  });

  it("when its rules cannot be read, lets everyone in and tells an operator", async () => {
    const handler = createPreAuthenticationTrigger({
      rules: () => {
        throw new Error("DOMAINS");
      },
      onFailure: (what) => failures.push(what),
    });
    const event = triggerEvent(source, { email: "eve@evil.test" });
    assert.deepEqual(await handler(event), event);
    assert.deepEqual(failures, ["the allowed domains could not be read, and everyone is let in"]);
  });
});

describe("post authentication trigger", () => {
  const event = () => triggerEvent("PostAuthentication_Authentication", { newDeviceUsed: true });

  it("records who signed in and where, and nothing that tells a name", async () => {
    const records: unknown[] = [];
    const handler = createPostAuthenticationTrigger({ record: (signIn) => void records.push(signIn) });
    assert.deepEqual(await handler(event()), event());
    assert.deepEqual(records, [{ user: sub, client: "1example98765432", newDevice: true }]);
  });

  it("when it fails, lets the person in all the same", async () => {
    const handler = createPostAuthenticationTrigger({
      record: () => {
        throw new Error("no space left");
      },
    });
    assert.deepEqual(await handler(event()), event());
    const odd = { ...event(), callerContext: undefined, request: null };
    assert.deepEqual(await handler(odd as never), odd);
  });
});

describe("a sign-in by a code by mail", () => {
  const define = createDefineChallengeTrigger();
  const verify = createVerifyChallengeTrigger();
  const round = (challengeResult: boolean, challengeName = "CUSTOM_CHALLENGE"): Round => ({
    challengeName,
    challengeResult,
  });
  const decision = async (session: readonly Round[] | null, more: object = {}) =>
    (await define(triggerEvent("DefineAuthChallenge_Authentication", { session, ...more }))).response as any;
  const created = (handler: ReturnType<typeof createChallengeTrigger>, request: object = {}) =>
    handler(
      triggerEvent("CreateAuthChallenge_Authentication", {
        challengeName: "CUSTOM_CHALLENGE",
        session: [],
        ...request,
      }),
    );
  function mailbox() {
    const mails: [string, string][] = [];
    const handler = createChallengeTrigger({
      send: async (address, code) => void mails.push([address, code]),
      onFailure: (what) => assert.fail(what),
    });
    return { handler, mails };
  }

  it("asks for a code, takes three answers at most, and gives tokens after a right one", async () => {
    const ask = { challengeName: "CUSTOM_CHALLENGE", issueTokens: false, failAuthentication: false };
    for (const session of [[], null, [round(false)], [round(false), round(false)]]) {
      assert.deepEqual(await decision(session), ask);
    }
    const tokens = { issueTokens: true, failAuthentication: false };
    for (const session of [[round(true)], [round(false), round(false), round(true)]]) {
      assert.deepEqual(await decision(session), tokens);
    }
    const failed = { issueTokens: false, failAuthentication: true };
    assert.deepEqual(await decision([round(false), round(false), round(false)]), failed);
  });

  it("gives no tokens for another challenge, an answer before the last, or a user who does not exist", async () => {
    for (const [session, more] of [
      [[round(true, "SRP_A")]],
      [[round(true, "SRP_A"), round(true, "PASSWORD_VERIFIER")]],
      [[round(true, "DEVICE_PASSWORD_VERIFIER"), round(true)]],
      [[round(true), round(false)]],
      [[round(true)], { userNotFound: true }],
    ] as [Round[], object?][]) {
      assert.equal((await decision(session, more)).issueTokens, false);
    }
  });

  it("sends eight digits to the verified address, and the same code holds after a wrong answer without another mail", async () => {
    const { handler, mails } = mailbox();
    const { response } = await created(handler);
    const [[address, code]] = mails as [[string, string]];
    assert.equal(address, "ann@example.com");
    assert.match(code, /^\d{8}$/);
    assert.deepEqual(response, {
      publicChallengeParameters: { medium: "EMAIL" },
      privateChallengeParameters: { code },
      challengeMetadata: code,
    });
    const again = await created(handler, { session: [{ ...round(false), challengeMetadata: code }] });
    assert.deepEqual(again.response.privateChallengeParameters, { code });
    assert.equal(mails.length, 1);
  });

  it("makes another code for every sign-in and every repetition of Cognito's, of which the newest counts", async () => {
    const { handler, mails } = mailbox();
    const answers = await Promise.all([created(handler), created(handler), created(handler)]);
    const codes = answers.map(({ response }) => response.privateChallengeParameters.code);
    assert.equal(new Set(codes).size, 3);
    assert.deepEqual(mails.map(([, code]) => code).sort(), [...codes].sort());
  });

  it("sends nothing to a user who does not exist or whose address is not verified, and answers the same in about the same time", async () => {
    const { handler, mails } = mailbox();
    for (const request of [
      { userNotFound: true },
      { userAttributes: { sub, email: "ann@example.com", email_verified: "false" } },
    ]) {
      const began = performance.now();
      const { response } = await created(handler, request);
      assert.ok(performance.now() - began >= 90, "as long as a mail takes");
      assert.deepEqual(response.publicChallengeParameters, { medium: "EMAIL" });
      assert.match(response.privateChallengeParameters.code, /^\d{8}$/);
    }
    assert.deepEqual(mails, []);
  });

  it("takes the code with spaces around it, and no other answer", async () => {
    const answer = async (challengeAnswer: unknown, more: object = {}) => {
      const privateChallengeParameters = { code: "01234567" };
      const request = { privateChallengeParameters, challengeAnswer, ...more };
      const { response } = await verify(triggerEvent("VerifyAuthChallengeResponse_Authentication", request));
      return response.answerCorrect;
    };
    for (const right of ["01234567", " 01234567\n"]) assert.equal(await answer(right), true);
    for (const wrong of [
      "1234567",
      "01234568",
      "",
      "012345670",
      1_234_567,
      null,
      undefined,
      ["01234567"],
      "\u0660\u0661234567",
    ]) {
      assert.equal(await answer(wrong), false, String(wrong));
    }
    assert.equal(await answer("01234567", { userNotFound: true }), false);
    for (const privateChallengeParameters of [null, {}, { code: "" }]) {
      assert.equal(await answer("", { privateChallengeParameters }), false);
    }
  });

  it("when the mail cannot be sent, refuses this sign-in without details, and tells an operator without the code", async () => {
    const failures: unknown[] = [];
    const handler = createChallengeTrigger({
      send: () => Promise.reject(new Error("MessageRejected: arn:aws:ses:eu-west-1:123456789012:identity/example.com")),
      onFailure: (what) => failures.push(what),
    });
    await assert.rejects(created(handler), {
      message: "The code could not be sent; try again, or sign in with your password",
    });
    assert.deepEqual(failures, ["a code could not be sent by mail"]);
  });
});
