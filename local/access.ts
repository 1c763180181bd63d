import { randomBytes } from "node:crypto";
import type { GraphIndex } from "../graph/model";
import type { StoreAccess } from "./dynamodb/store-guard";
import { Access, withOperator } from "./iam/access";
import { accountOf } from "./iam/account";
import { readRoleDocuments, rolesOf } from "./iam/planned-roles";
import type { CallersByKey, SigningCaller } from "./iam/signing-caller";
import { RoleSessions, type SessionKeys } from "./sts/role-sessions";

/** Who may call what on the platform, by the planned roles and their policies. */
export interface PlatformAccess {
  readonly sessions: RoleSessions;
  /** The sessions, and the operator of the platform. */
  readonly callers: CallersByKey;
  /** Decides on calls of AWS APIs. */
  readonly access: Access;
  /** Returns who has the permissions of a role; undefined for one that is not planned. */
  sessionOf(roleArn: string): SigningCaller | undefined;
  /** Returns what to sign with as a role. @throws {Error} for one that is not planned */
  keysOf(roleArn: string): SessionKeys;
  /** The same for the process of the store. */
  readonly inStore: StoreAccess;
}

/** Reads who may call what. Sessions are of this start only. @throws {UserError} on a policy that AWS would not take */
export function readAccess(index: GraphIndex): PlatformAccess {
  const roles = readRoleDocuments(index);
  const key = randomBytes(32);
  const account = accountOf(index);
  const sessions = new RoleSessions(rolesOf(roles), key);
  const callers = withOperator(sessions.find, account);
  const inStore = { roles, key: key.toString("base64"), account };
  const sessionOf = (roleArn: string) =>
    sessions.has(roleArn) ? sessions.find(sessions.open(roleArn).accessKeyId) : undefined;
  const keysOf = (roleArn: string) => sessions.open(roleArn);
  return { sessions, callers, sessionOf, keysOf, access: new Access(callers), inStore };
}
