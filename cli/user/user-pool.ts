import { CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import * as z from "zod";
import { UserError } from "../../graph/user-error";
import { readState, runningConsole } from "../running-platform";
import { loadOutputs } from "../stack-outputs";
import { checkWhere, type Where } from "../where";

/** What the commands need of stack outputs. */
const schema = z.object({
  identity: z.record(
    z.string(),
    z.object({
      userPoolId: z.string(),
      otherRegion: z.object({ region: z.string(), userPoolId: z.string() }).optional(),
    }),
  ),
});

/** A user pool of an environment. */
export class UserPool {
  private constructor(
    readonly id: string,
    /** Page of the messages that were sent, on this machine. */
    readonly mailbox: string | undefined,
    private readonly client: CognitoIdentityProviderClient,
    /** The pool of the other region, where each has one. */
    readonly other: UserPool | undefined,
  ) {}

  /** This pool, and that of the other region. */
  get all(): readonly UserPool[] {
    return this.other === undefined ? [this] : [this, this.other];
  }

  /** @throws {UserError} one sentence, when the environment is not there or has no user pool */
  static async open(where: Where): Promise<UserPool> {
    process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
    checkWhere(where);
    const { stack, outputs, endpoint, state } = where;
    if (stack === undefined) {
      const running = await readState(runningConsole(state));
      const { endpoints } = running;
      if (endpoints === undefined) throw new UserError("the platform still starts; try again");
      return UserPool.of(running.stack, running.outputs, endpoints.aws, endpoints.mailbox);
    }
    return UserPool.of(stack, await loadOutputs(stack, outputs), endpoint);
  }

  /**
   * Calls Cognito.
   * @throws the SDK's exception where its name is expected, {UserError} for any other failure
   */
  async send(command: any, ...expected: readonly string[]): Promise<any> {
    try {
      return await this.client.send(command);
    } catch (error) {
      const { name, message } = error as Error;
      if (expected.includes(name)) throw error;
      const call = command.constructor.name.replace(/Command$/, "");
      throw new UserError(`Cognito ${call} failed: ${name}: ${message}; ${fixOf(name)}`);
    }
  }

  private static of(name: string, outputs: unknown, endpoint?: string, mailbox?: string): UserPool {
    const read = schema.safeParse(outputs);
    const [region, identity] = Object.entries(read.data?.identity ?? {})[0] ?? [];
    if (region === undefined || identity === undefined) {
      throw new UserError(`the outputs of ${name} must have identity with a user pool, got none; deploy it first`);
    }
    // The SDK must not send real credentials, nor look for some, where none are needed.
    const local = { credentials: { accessKeyId: "local", secretAccessKey: "local" }, endpoint };
    const of = (at: string, id: string, other?: UserPool) => {
      const client = new CognitoIdentityProviderClient({ region: at, ...(endpoint === undefined ? {} : local) });
      return new UserPool(id, mailbox, client, other);
    };
    const { userPoolId, otherRegion } = identity;
    return of(region, userPoolId, otherRegion && of(otherRegion.region, otherRegion.userPoolId));
  }
}

function fixOf(name: string): string {
  if (/Credentials/.test(name)) return "log in, or set AWS_PROFILE";
  if (/AccessDenied|ExpiredToken|UnrecognizedClient/.test(name)) return "log in with a role that may do this";
  return "correct it and run the command again";
}
