import { AdminAddUserToGroupCommand, CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";

/** The group of a user pool that new people join. */
export class NewPeople {
  private readonly client = new CognitoIdentityProviderClient({
    maxAttempts: 2,
    // Cognito waits for 5 s. Both attempts and a start of the function end before.
    requestHandler: { connectionTimeout: 500, requestTimeout: 1_200, throwOnRequestTimeout: true },
  });

  constructor(private readonly group: string) {}

  /** Puts a user into the group; Cognito does nothing when the user is in it. */
  async join({ userPoolId, userName }: { readonly userPoolId: string; readonly userName: string }): Promise<void> {
    const user = { UserPoolId: userPoolId, Username: userName };
    await this.client.send(new AdminAddUserToGroupCommand({ ...user, GroupName: this.group }));
  }
}
