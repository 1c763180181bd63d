import { createLogger, describeError } from "../kit/log";
import { parseGrants } from "./grants";
import { Members } from "./members";
import { createPreTokenTrigger } from "./pre-token";

const log = createLogger({ service: "identity-triggers" });
const onFailure = (what: string, error?: unknown) => log.error(what, error === undefined ? {} : describeError(error));
const { MEMBERS_TABLE, GRANTS } = process.env;
const members = MEMBERS_TABLE ? new Members(MEMBERS_TABLE) : undefined;

/*
 * Handlers of the user pool's triggers. Each is a function of its own with this bundle, with the variables that it reads:
 * MEMBERS_TABLE is the name of the table of members, GRANTS which group grants which scopes.
 */

/** Reads MEMBERS_TABLE and GRANTS; its role may GetItem on that table. See `createPreTokenTrigger`. */
export const preTokenGeneration = createPreTokenTrigger({
  readMember: members && ((id) => members.read(id)),
  grants: parseGrants(GRANTS),
  onFailure,
});
