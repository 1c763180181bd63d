import assert from "node:assert/strict";
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  CognitoIdentityProviderClient,
  ConfirmSignUpCommand,
  GetUserCommand,
  InitiateAuthCommand,
  ListUsersCommand,
  NotAuthorizedException,
  SignUpCommand,
  UsernameExistsException,
} from "@aws-sdk/client-cognito-identity-provider";
import * as cognito from "@pulumi/aws/cognito";
import * as aws from "@pulumi/aws/provider";
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
} from "amazon-cognito-identity-js";
import { decodeJwt } from "jose";
import { capture } from "../../../graph/capture/capture";
import { GraphIndex } from "../../../graph/model";
import type { AwsEndpoint } from "../../../local/aws/aws-endpoint";
import { UserPools } from "../../../local/cognito/user-pools";
import { totpCode } from "../../helpers/totp";
import { keys } from "./planned";
import { startPoolsApi } from "./pools-api";

const address = "ada@example.com";
const password = "a long Passw0rd";

/** Clients as they are published, of which only the address is changed. */
describe("a local user pool, for published clients", () => {
  let endpoint: AwsEndpoint;
  let pools: UserPools;
  let passed = 0;
  let poolId: string;
  let clientId: string;

  before(async () => {
    const index = new GraphIndex(await capture(program));
    pools = new UserPools(index, { keys, clock: () => Date.now() + passed });
    endpoint = await startPoolsApi(index, pools);
    [clientId] = [...pools.clients.keys()] as [string];
    poolId = pools.clients.get(clientId)!.pool.id;
  });
  after(() => endpoint.stop());

  const sdk = () =>
    new CognitoIdentityProviderClient({
      ...{ region: "eu-west-1", endpoint: endpoint.url, maxAttempts: 1 },
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    });
  const codeFor = (to: string) => pools.mailbox.messages(to)[0]!.code;

  it("answers the SDK: signs up, confirms, signs in and lists, with AWS's own exceptions", async () => {
    const client = sdk();
    const name = { ClientId: clientId, Username: "grace@example.com" };
    const signedUp = await client.send(new SignUpCommand({ ...name, Password: password }));
    assert.deepEqual([signedUp.UserConfirmed, signedUp.CodeDeliveryDetails?.Destination], [false, "g***@e***"]);
    await assert.rejects(client.send(new SignUpCommand({ ...name, Password: password })), UsernameExistsException);
    const ConfirmationCode = codeFor(name.Username);
    await client.send(new ConfirmSignUpCommand({ ...name, ConfirmationCode }));
    const AuthParameters = { USERNAME: name.Username, PASSWORD: password };
    const asked = { ClientId: clientId, AuthFlow: "USER_PASSWORD_AUTH" } as const;
    const { AuthenticationResult } = await client.send(new InitiateAuthCommand({ ...asked, AuthParameters }));
    const { Username } = await client.send(new GetUserCommand({ AccessToken: AuthenticationResult!.AccessToken }));
    assert.equal(Username, signedUp.UserSub);
    const wrong = { ...AuthParameters, PASSWORD: "wrong" };
    const refused = client.send(new InitiateAuthCommand({ ...asked, AuthParameters: wrong }));
    await assert.rejects(refused, NotAuthorizedException);
    const { Users } = await client.send(new ListUsersCommand({ UserPoolId: poolId, Filter: 'email ^= "grace"' }));
    assert.deepEqual([Users!.length, Users![0]!.UserStatus], [1, "CONFIRMED"]);
    assert.ok(Users![0]!.UserCreateDate instanceof Date);
  });

  it("answers the SDK of an administrator: makes a user, and puts the user into a group", async () => {
    const client = sdk();
    const of = { UserPoolId: poolId, Username: "eve@example.com" };
    const { User } = await client.send(new AdminCreateUserCommand(of));
    assert.equal(User!.UserStatus, "FORCE_CHANGE_PASSWORD");
    await client.send(new AdminAddUserToGroupCommand({ ...of, GroupName: "staff" }));
    const { Enabled } = await client.send(new AdminGetUserCommand(of));
    assert.equal(Enabled, true);
    const AuthParameters = { USERNAME: of.Username, PASSWORD: codeFor(of.Username) };
    const asked = { ClientId: clientId, AuthFlow: "USER_PASSWORD_AUTH", AuthParameters } as const;
    const { ChallengeName } = await client.send(new InitiateAuthCommand(asked));
    assert.equal(ChallengeName, "NEW_PASSWORD_REQUIRED");
  });

  it("answers the SDK of a server that signs people in, with a client of its pool", async () => {
    const client = sdk();
    const of = { UserPoolId: poolId, Username: "kim@example.com" };
    await client.send(new AdminCreateUserCommand({ ...of, TemporaryPassword: password }));
    const AuthParameters = { USERNAME: of.Username, PASSWORD: password };
    const asked = {
      UserPoolId: poolId,
      ClientId: clientId,
      AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
      AuthParameters,
    } as const;
    const { ChallengeName, Session } = await client.send(new AdminInitiateAuthCommand(asked));
    const ChallengeResponses = { USERNAME: of.Username, NEW_PASSWORD: "another Passw0rd" };
    const answer = { UserPoolId: poolId, ClientId: clientId, ChallengeName, Session, ChallengeResponses };
    const { AuthenticationResult } = await client.send(new AdminRespondToAuthChallengeCommand(answer));
    assert.equal(AuthenticationResult!.TokenType, "Bearer");
    const other = new AdminInitiateAuthCommand({ ...asked, ClientId: "none" });
    await assert.rejects(client.send(other), { name: "ResourceNotFoundException" });
  });

  it("signs in by amazon-cognito-identity-js: sign-up, SRP, a software token, its code, and another password", async () => {
    const pool = new CognitoUserPool({ UserPoolId: poolId, ClientId: clientId, endpoint: endpoint.url });
    const user = () => new CognitoUser({ Username: address, Pool: pool });
    await new Promise((resolve, reject) =>
      pool.signUp(address, password, [], [], (error, result) => (error ? reject(error) : resolve(result))),
    );
    await new Promise((resolve, reject) =>
      user().confirmRegistration(codeFor(address), false, (error, result) => (error ? reject(error) : resolve(result))),
    );
    await assert.rejects(signIn(user(), "another Passw0rd"), {
      code: "NotAuthorizedException",
      message: "Incorrect username or password.",
    });
    const [first, session] = await signIn(user(), password);
    assert.equal((decodeJwt(session.getIdToken().getJwtToken()) as any).email, address);
    const secret = await new Promise<string>((resolve, reject) =>
      first.associateSoftwareToken({ associateSecretCode: resolve, onFailure: reject }),
    );
    const now = () => Date.now() + passed;
    await new Promise((resolve, reject) =>
      first.verifySoftwareToken(totpCode(secret, now()), "phone", { onSuccess: resolve, onFailure: reject }),
    );
    await new Promise((resolve, reject) =>
      first.setUserMfaPreference(null, { Enabled: true, PreferredMfa: true }, (error, result) =>
        error ? reject(error) : resolve(result),
      ),
    );
    passed += 60_000;
    const [second] = await signIn(user(), password, () => totpCode(secret, now()));
    await new Promise((resolve, reject) =>
      second.changePassword(password, "another Passw0rd", (error, result) => (error ? reject(error) : resolve(result))),
    );
    await new Promise<void>((resolve, reject) =>
      second.globalSignOut({ onSuccess: () => resolve(), onFailure: reject }),
    );
    passed += 60_000;
    await signIn(user(), "another Passw0rd", () => totpCode(secret, now()));
  });

  function signIn(
    user: CognitoUser,
    Password: string,
    code?: () => string,
  ): Promise<[CognitoUser, CognitoUserSession]> {
    return new Promise((resolve, reject) => {
      const callbacks = {
        onSuccess: (session: CognitoUserSession) => resolve([user, session]),
        onFailure: reject,
        totpRequired: () => user.sendMFACode(code!(), callbacks, "SOFTWARE_TOKEN_MFA"),
      };
      user.authenticateUser(new AuthenticationDetails({ Username: address, Password }), callbacks);
    });
  }
});

function program(): void {
  const opts = { provider: new aws.Provider("p", { region: "eu-west-1" }) };
  const pool = new cognito.UserPool(
    "pool",
    { usernameAttributes: ["email"], autoVerifiedAttributes: ["email"], mfaConfiguration: "OPTIONAL" },
    opts,
  );
  new cognito.UserGroup("staff", { userPoolId: pool.id, name: "staff" }, opts);
  const explicitAuthFlows = [
    "USER_PASSWORD_AUTH",
    "USER_SRP_AUTH",
    "REFRESH_TOKEN_AUTH",
    "ADMIN_USER_PASSWORD_AUTH",
  ].map((flow) => `ALLOW_${flow}`);
  new cognito.UserPoolClient("app", { userPoolId: pool.id, explicitAuthFlows }, opts);
}
