import assert from "node:assert/strict";
import { settingsOf } from "../../../local/cognito/pool-settings";
import { Triggers } from "../../../local/cognito/triggers";
import { FunctionFailure } from "../../../local/local-compute";

const arn = "arn:aws:lambda:eu-west-1:123456789012:function:pre-sign-up:live";
const pool = { id: "eu-west-1_pool", settings: settingsOf({ lambdaConfig: { preSignUp: arn } }) };
const call = {
  source: "PreSignUp_SignUp",
  client: { id: "web", pool: pool as any },
  username: "ada",
  request: { userAttributes: {} },
  response: { autoConfirmUser: false },
};

describe("the triggers of a local user pool", () => {
  let invocations: any[];
  const asking = (answers: (event: any) => Promise<unknown>, waitMs = 50) => {
    invocations = [];
    const invoke = (to: string, event: any) => {
      invocations.push([to, event]);
      return answers(event);
    };
    return new Triggers(invoke, waitMs).ask("preSignUp", call);
  };

  it("are invoked by the planned alias with AWS's event, and answer with its response", async () => {
    const response = await asking(async (event) => ({ ...event, response: { autoConfirmUser: true } }));
    assert.deepEqual(response, { autoConfirmUser: true });
    const [[to, event]] = invocations;
    assert.equal(to, arn);
    assert.deepEqual([event.version, event.region, event.userPoolId], ["1", "eu-west-1", "eu-west-1_pool"]);
    assert.deepEqual([event.userName, event.callerContext.clientId], ["ada", "web"]);
    assert.deepEqual([event.request, event.response], [call.request, call.response]);
  });

  it("are not asked where the pool has none", async () => {
    invocations = [];
    const triggers = new Triggers(async () => assert.fail("it was invoked"));
    assert.equal(await triggers.ask("postConfirmation", call), undefined);
  });

  it("are waited for three times, then the person is refused", async () => {
    await assert.rejects(
      asking(() => new Promise(() => {})),
      {
        name: "UnexpectedLambdaException",
        message: "PreSignUp invocation failed due to error Socket timeout while invoking Lambda function.",
      },
    );
    assert.equal(invocations.length, 3);
  });

  it("are asked again after one try that took too long", async () => {
    let tries = 0;
    const response = await asking((event) => (++tries === 1 ? new Promise(() => {}) : Promise.resolve(event)));
    assert.deepEqual(response, call.response);
    assert.equal(invocations.length, 2);
  });

  it("are not asked again after an error, which the person sees", async () => {
    const error = { errorType: "Error", errorMessage: "not from there" };
    await assert.rejects(
      asking(() => Promise.reject(new FunctionFailure("error", "Error: not from there", error))),
      {
        name: "UserLambdaValidationException",
        message: "PreSignUp failed with error not from there.",
      },
    );
    assert.equal(invocations.length, 1);
  });

  it("that cannot be run show nothing of why", async () => {
    await assert.rejects(
      asking(() => Promise.reject(new Error("/home/x/secret"))),
      {
        name: "UnexpectedLambdaException",
        message: "PreSignUp invocation failed due to configuration.",
      },
    );
    await assert.rejects(
      asking(() => Promise.reject(new FunctionFailure("throttled", "no room"))),
      {
        name: "TooManyRequestsException",
      },
    );
    for (const answer of [null, undefined, "text", {}, { response: null }, { response: "x" }]) {
      await assert.rejects(
        asking(async () => answer),
        { name: "InvalidLambdaResponseException" },
      );
    }
  });
});
