import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  CognitoIdentityProviderClient,
  DescribeUserPoolDomainCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { copyAttribute, type OtherUser, type OwnUser, type Pools } from "./copy";
import { subjectAttribute } from "./subject";

/** Cognito waits for 5 s, and a copy takes 2 s at most: one attempt each, as the next sign-in tries again. */
const options = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 500, requestTimeout: 1_000, throwOnRequestTimeout: true },
};

/** The user pools of both regions, by the API of each. */
export class UserPools implements Pools {
  private readonly own = new CognitoIdentityProviderClient(options);
  private readonly other: CognitoIdentityProviderClient;
  private otherPoolId: Promise<string> | undefined;

  /**
   * @param region  region of the other pool
   * @param domain  prefix of its sign-in page
   */
  constructor(
    region: string,
    private readonly domain: string,
  ) {
    this.other = new CognitoIdentityProviderClient({ ...options, region });
  }

  async groupsOf({ userPoolId, userName }: OwnUser): Promise<readonly string[]> {
    const of = { UserPoolId: userPoolId, Username: userName, Limit: 60 };
    const { Groups = [] } = await this.own.send(new AdminListGroupsForUserCommand(of));
    return Groups.flatMap(({ GroupName }) => GroupName ?? []);
  }

  async record({ userPoolId, userName }: OwnUser, copy: string): Promise<void> {
    const UserAttributes = [{ Name: copyAttribute, Value: copy }];
    const of = { UserPoolId: userPoolId, Username: userName };
    await this.own.send(new AdminUpdateUserAttributesCommand({ ...of, UserAttributes }));
  }

  async make(attributes: Readonly<Record<string, string>>): Promise<string | undefined> {
    const UserAttributes = listed(attributes);
    const user = { UserPoolId: await this.poolId(), Username: attributes["email"]! };
    const command = new AdminCreateUserCommand({ ...user, UserAttributes, MessageAction: "SUPPRESS" });
    const made = await this.other.send(command).catch((error: Error) => {
      if (error.name === "UsernameExistsException") return undefined;
      throw error;
    });
    return made?.User?.Username;
  }

  async find(name: string): Promise<OtherUser> {
    const of = { UserPoolId: await this.poolId(), Username: name };
    const { Username, UserAttributes = [], UserStatus } = await this.other.send(new AdminGetUserCommand(of));
    const value = (name: string) => UserAttributes.find(({ Name }) => Name === name)?.Value;
    return { id: Username!, subject: value(subjectAttribute), status: UserStatus, email: value("email") };
  }

  async setPassword(id: string, password: string): Promise<void> {
    const of = { UserPoolId: await this.poolId(), Username: id };
    await this.other.send(new AdminSetUserPasswordCommand({ ...of, Password: password, Permanent: true }));
  }

  async join(id: string, group: string): Promise<void> {
    const of = { UserPoolId: await this.poolId(), Username: id };
    await this.other.send(new AdminAddUserToGroupCommand({ ...of, GroupName: group }));
  }

  async changeAddress(id: string, address: string, copy: string): Promise<boolean> {
    const of = { UserPoolId: await this.poolId(), Username: id };
    const UserAttributes = listed({ email: address, email_verified: "true", [copyAttribute]: copy });
    const command = new AdminUpdateUserAttributesCommand({ ...of, UserAttributes });
    return this.other.send(command).then(
      () => true,
      (error: Error) => {
        if (error.name === "AliasExistsException") return false;
        throw error;
      },
    );
  }

  async remove(id: string): Promise<void> {
    await this.other.send(new AdminDeleteUserCommand({ UserPoolId: await this.poolId(), Username: id }));
  }

  /** Finds the id of the other pool; once, unless that fails. */
  private poolId(): Promise<string> {
    this.otherPoolId ??= this.readPoolId().catch((error) => {
      this.otherPoolId = undefined;
      throw error;
    });
    return this.otherPoolId;
  }

  private async readPoolId(): Promise<string> {
    const { DomainDescription } = await this.other.send(new DescribeUserPoolDomainCommand({ Domain: this.domain }));
    const id = DomainDescription?.UserPoolId;
    if (id === undefined) throw new Error(`no user pool has the domain ${this.domain}`);
    return id;
  }
}

function listed(attributes: Readonly<Record<string, string>>) {
  return Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
}
