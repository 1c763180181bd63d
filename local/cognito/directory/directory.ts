import { createHmac, randomBytes } from "node:crypto";
import type { UserPool } from "../clients";
import { CognitoError, failures } from "../cognito-error";
import type { UserGroup } from "../groups";
import { uuidOf } from "../users";
import { DirectoryUser } from "./directory-user";

const nameForm = /^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u;

/** The users and groups of one user pool. They are in memory, and end with the platform. */
export class Directory {
  /** Part of the pool's id after the region, which the hashes of passwords contain. */
  readonly poolName: string;
  private readonly users = new Map<string, DirectoryUser>();
  private readonly madeGroups = new Map<string, UserGroup>();
  /** Times that a name was deleted, as the next user of that name is another one. */
  private readonly deletions = new Map<string, number>();
  private readonly secret = randomBytes(32);

  /** @param now  milliseconds since the epoch */
  constructor(
    readonly pool: UserPool,
    private readonly now: () => number,
  ) {
    this.poolName = pool.id.slice(pool.id.indexOf("_") + 1);
  }

  /** Every user, in the order of creation. */
  all(): readonly DirectoryUser[] {
    return [...this.users.values()];
  }

  /** Every group, those of the plan first. */
  groups(): readonly UserGroup[] {
    return [...this.pool.groups, ...this.madeGroups.values()];
  }

  /** Finds a user by user name, `sub`, or an attribute that is a name here. */
  find(name: string): DirectoryUser | undefined {
    const asked = this.keyOf(name);
    const { usernameAttributes, aliasAttributes } = this.pool.settings;
    for (const user of this.users.values()) {
      if ([user.username, user.quickName ?? ""].some((each) => this.keyOf(each) === asked) || user.sub === name)
        return user;
    }
    const named = (user: DirectoryUser, attribute: string) => this.keyOf(user.attributes[attribute] ?? "") === asked;
    return this.all().find(
      (user) =>
        user.status !== "EXTERNAL_PROVIDER" && // an address at a provider is no name here
        (usernameAttributes.some((attribute) => named(user, attribute)) ||
          aliasAttributes.some((attribute) => named(user, attribute) && user.isVerified(attribute))),
    );
  }

  /** @throws {CognitoError} UserNotFoundException */
  get(name: string): DirectoryUser {
    return this.find(name) ?? raise(failures.noUser());
  }

  /**
   * Makes a user, whom `add` puts into the directory, with the planned groups of the name.
   * @param name  the user name; where an e-mail address or phone number is one, that
   * @throws {CognitoError} on a name that this pool does not take
   */
  draft(name: string, attributes: Readonly<Record<string, string>>): DirectoryUser {
    const own = this.nameAttribute(name);
    const all = { ...attributes, ...(own && { [own]: this.stored(name) }) };
    return this.make(name, { attributes: all, username: own === undefined ? this.stored(name) : undefined });
  }

  /** @param of.username  unset for one that is the `sub` */
  private make(
    name: string,
    of: { attributes: Readonly<Record<string, string>>; username: string | undefined },
  ): DirectoryUser {
    const generation = this.deletions.get(this.keyOf(name)) ?? 0;
    const sub = uuidOf(`${this.pool.id} ${name.toLowerCase()}${generation === 0 ? "" : ` ${generation}`}`);
    const username = of.username ?? sub;
    const groups = () => this.groups();
    const user = new DirectoryUser(sub, username, { name: this.poolName, groups }, this.now());
    user.attributes = { ...of.attributes };
    for (const { name: group, members } of this.pool.groups) {
      if (members.some((member) => [name, username, sub].includes(member))) user.memberOf.add(group);
    }
    return user;
  }

  /** Makes a user of any name, who signs in without a password. */
  addQuick(name: string, attributes: Readonly<Record<string, string>>): DirectoryUser {
    const isName = this.pool.settings.usernameAttributes.length === 0 || !name.includes("@");
    const user = this.make(name, { attributes, username: isName && !this.pool.signInByEmail ? name : undefined });
    user.status = "CONFIRMED";
    user.quickName = name;
    return this.add(user);
  }

  /** Makes a user of an external provider, whom `add` puts into the directory. */
  draftExternal(username: string, attributes: Readonly<Record<string, string>>): DirectoryUser {
    const user = this.make(username, { attributes, username });
    user.status = "EXTERNAL_PROVIDER";
    return user;
  }

  add(user: DirectoryUser): DirectoryUser {
    this.users.set(user.sub, user);
    return user;
  }

  delete(user: DirectoryUser): void {
    this.users.delete(user.sub);
    const name = this.pool.settings.usernameAttributes.map((each) => user.attributes[each]).find(Boolean);
    const key = this.keyOf(name ?? user.username);
    this.deletions.set(key, (this.deletions.get(key) ?? 0) + 1);
  }

  /** @throws {CognitoError} GroupExistsException */
  addGroup(group: UserGroup): void {
    if (this.groups().some(({ name }) => name === group.name)) {
      throw new CognitoError("GroupExistsException", "A group with the name already exists.");
    }
    this.madeGroups.set(group.name, group);
  }

  /** @throws {CognitoError} ResourceNotFoundException */
  group(name: string): UserGroup {
    const found = this.groups().find((each) => each.name === name);
    return found ?? raise(new CognitoError("ResourceNotFoundException", "Group not found."));
  }

  /** Returns the user name, the salt and the id of a user who does not exist: the same ones for the same name. */
  simulated(name: string): { readonly salt: Buffer<ArrayBuffer>; readonly userId: string } {
    const derived = (what: string) =>
      createHmac("sha256", this.secret)
        .update(`${what} ${this.keyOf(name)}`)
        .digest();
    return { salt: derived("salt").subarray(0, 16), userId: uuidOf(derived("id").toString("hex")) };
  }

  /** Returns the attribute that a name is the value of; undefined where names are names. @throws {CognitoError} */
  private nameAttribute(name: string): string | undefined {
    const { usernameAttributes } = this.pool.settings;
    if (!nameForm.test(name))
      throw failures.parameter(
        "1 validation error detected: Value at 'username' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+",
      );
    if (usernameAttributes.length === 0) return undefined;
    const attribute = name.includes("@") ? "email" : "phone_number";
    if (usernameAttributes.includes(attribute) && isValidAttribute(attribute, name)) return attribute;
    const kinds = usernameAttributes.map((each) => (each === "email" ? "an email" : "a phone number"));
    throw failures.parameter(`Username should be ${kinds.length > 1 ? "either " : ""}${kinds.join(" or ")}.`);
  }

  private stored(name: string): string {
    return this.pool.settings.caseSensitive ? name : name.toLowerCase();
  }

  private keyOf(name: string): string {
    return this.stored(name).normalize("NFC");
  }
}

/** Tells whether a value of `email` or `phone_number` has the form that Cognito takes. */
export function isValidAttribute(attribute: string, value: string): boolean {
  if (attribute === "email") return /^[^\s@<>"]{1,64}@[^\s@<>"]{1,255}$/.test(value);
  if (attribute === "phone_number") return /^\+[0-9]{4,15}$/.test(value);
  return value.length <= 2_048;
}

function raise(error: Error): never {
  throw error;
}
