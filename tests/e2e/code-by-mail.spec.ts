import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
  NotAuthorizedException,
  RespondToAuthChallengeCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { request } from "undici";
import { catalog } from "../../apps/catalog";
import { operatorKeys } from "../../local/iam/access";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import { replanned } from "../conformance/plans";

describe("a sign-in by a code that is mailed", function () {
  this.timeout(60_000);
  const state = mkdtempSync(join(tmpdir(), "code-by-mail-"));
  const ada = "ada@example.com";
  let platform: RunningPlatform;
  let cognito: CognitoIdentityProviderClient;
  let client: { ClientId: string };

  before(async () => {
    const { graph } = await replanned("dev", (config) => {
      config.signIn.mail = { from: "no-reply@dev.example.com", sender: "ses" };
      config.signIn.product = "Example";
      config.signIn.codeByMail = true;
      config.signIn.secondFactor = "off";
    });
    platform = await startPlatform({ graph, stateDir: state, log: () => {} });
    const { aws, issuer } = platform.endpoints;
    cognito = new CognitoIdentityProviderClient({ region: "eu-west-1", endpoint: aws, credentials: operatorKeys });
    const clients = (await (await request(`${issuer}/clients`)).body.json()) as { id: string; flows: string[] }[];
    client = { ClientId: clients.find(({ flows }) => flows.includes("code"))!.id };
    const { userPoolId: UserPoolId } = (platform.state().outputs as any).identity["eu-west-1"];
    const user = { UserPoolId, Username: ada };
    const UserAttributes = [
      { Name: "email", Value: ada },
      { Name: "email_verified", Value: "true" },
    ];
    await cognito.send(new AdminCreateUserCommand({ ...user, UserAttributes, MessageAction: "SUPPRESS" }));
    await cognito.send(new AdminSetUserPasswordCommand({ ...user, Password: "Correct-horse-14", Permanent: true }));
  });

  after(async () => {
    cognito?.destroy();
    await platform?.stop();
    rmSync(state, { recursive: true, force: true });
  });

  const messages = async () =>
    (await (await request(`${platform.endpoints.mailbox}/messages?to=${ada}`)).body.json()) as {
      subject: string;
      text: string;
      code: string;
    }[];
  const begin = () =>
    cognito.send(new InitiateAuthCommand({ ...client, AuthFlow: "CUSTOM_AUTH", AuthParameters: { USERNAME: ada } }));
  const answer = (Session: string | undefined, ANSWER: string) =>
    cognito.send(
      new RespondToAuthChallengeCommand({
        ...{ ...client, Session, ChallengeName: "CUSTOM_CHALLENGE" },
        ChallengeResponses: { USERNAME: ada, ANSWER },
      }),
    );

  it("gives tokens with which the gateway knows the person, by the code in the mailbox", async () => {
    const { ChallengeName, Session } = await begin();
    assert.equal(ChallengeName, "CUSTOM_CHALLENGE");
    const [mail] = await messages();
    assert.equal(mail!.subject, "Your code for Example");
    assert.match(mail!.code, /^\d{8}$/);
    assert.ok(mail!.text.startsWith(`${mail!.code} signs you in to Example.`), mail!.text);
    const { AuthenticationResult: tokens } = await answer(Session, mail!.code);
    // Tokens of the API have no scope of a service: the person is known, and may not write.
    const put = await request(`${platform.endpoints.global}/food-store/foods/a`, {
      method: "PUT",
      headers: { authorization: `Bearer ${tokens!.AccessToken}`, "content-type": "application/json" },
      body: JSON.stringify(catalog["food-store"].definitions["put-food"].sample),
    });
    assert.equal(put.statusCode, 403);
  });

  it("goes on after a wrong code with the same one, three times at most", async () => {
    let { Session } = await begin();
    const { code } = (await messages())[0]!;
    const wrong = code === "00000000" ? "11111111" : "00000000";
    const sent = (await messages()).length;
    ({ Session } = await answer(Session, wrong));
    ({ Session } = await answer(Session, wrong));
    await assert.rejects(answer(Session, wrong), NotAuthorizedException);
    assert.equal((await messages()).length, sent);
  });
});
