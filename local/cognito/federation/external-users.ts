import type { AppClient } from "../clients";
import { CognitoError, failures } from "../cognito-error";
import type { DirectoryUser } from "../directory/directory-user";
import { triggerAttributes } from "../triggers";
import type { UserPools } from "../user-pools";
import type { ExternalProvider } from "./providers";

/** A person as a provider knows one. */
interface ExternalPerson {
  readonly client: AppClient;
  readonly provider: ExternalProvider;
  /** `sub` at the provider. */
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Returns the user of a person at an external provider, whom the first sign-in makes: named after the provider, in the
 * provider's own group, with attributes that follow the provider at each sign-in.
 * @throws {CognitoError} when a trigger refuses, for a user who is disabled, and for a name that is of a user with a password
 */
export async function externalUser(pools: UserPools, person: ExternalPerson): Promise<DirectoryUser> {
  const { client, provider, id, attributes } = person;
  const directory = pools.directory(client.pool.id);
  const username = `${provider.name}_${id}`;
  const known = directory.find(username);
  const ask = (name: "preSignUp" | "postConfirmation" | "postAuthentication", source: string, user: DirectoryUser) => {
    const own = name === "postAuthentication" ? { newDeviceUsed: false } : {};
    const signUp = name === "preSignUp";
    return pools.triggers.ask(name, {
      ...{ source, client, username },
      request: { userAttributes: triggerAttributes(user), ...own, ...(signUp && { validationData: null }) },
      response: signUp ? { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false } : {},
    });
  };
  if (known !== undefined) {
    if (known.status !== "EXTERNAL_PROVIDER") throw new CognitoError("UsernameExistsException", "User already exists");
    if (!known.enabled) throw failures.disabled();
    Object.assign(known.attributes, attributes);
    await ask("postAuthentication", "PostAuthentication_Authentication", known);
    return known;
  }
  const user = directory.draftExternal(username, attributes);
  await ask("preSignUp", "PreSignUp_ExternalProvider", user);
  directory.add(user);
  user.identities = [identityOf(person, pools.now())];
  const group = `${client.pool.id}_${provider.name}`;
  if (!directory.groups().some(({ name }) => name === group)) {
    directory.addGroup({ name: group, precedence: undefined, roleArn: undefined, members: [] });
  }
  user.memberOf.add(group);
  await ask("postConfirmation", "PostConfirmation_ConfirmSignUp", user);
  return user;
}

function identityOf({ provider: { name, type }, id }: ExternalPerson, at: number): object {
  return {
    ...{ userId: id, providerName: name, providerType: type, issuer: null },
    ...{ primary: "true", dateCreated: String(at) },
  };
}
