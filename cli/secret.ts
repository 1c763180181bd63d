import { catalog, serviceNames } from "../apps/catalog";
import { UserError } from "../graph/user-error";
import { Parameters } from "../local/ssm/parameters";
import { secretName } from "../stacks/config/secret-name";
import { parseStackName } from "../stacks/stack-name";
import { note } from "./print";

/** Options of the command `secret set`; `npm run secret -- --help` describes them. */
export interface SecretOptions {
  readonly stack: string;
  readonly state: string;
}

const maxBytes = 4_096;

/**
 * Runs the command `secret set`: stores the value on stdin as a secret of a service on this machine.
 * @param input  stdin
 * @throws {UserError} when the service has no such secret, or the value cannot be one
 */
export async function setSecret(
  service: string,
  name: string,
  { stack, state }: SecretOptions,
  input: AsyncIterable<string | Buffer>,
): Promise<void> {
  const contract = Object.values(catalog).find((each) => each.name === service);
  if (contract === undefined) {
    throw new UserError(`service must be one of ${serviceNames.join(", ")}, got "${service}"; correct it`);
  }
  const { secrets } = contract.needs;
  if (!secrets.includes(name)) {
    const known = secrets.length === 0 ? "none" : secrets.join(", ");
    throw new UserError(
      `secret of ${service} must be one that its contract declares (${known}), got "${name}"; add it to needs.secrets`,
    );
  }
  const { environment } = parseStackName(stack);
  const value = await readValue(input);
  new Parameters(state).write(secretName({ environment, service, secret: name }), value);
  await note(`${name} of ${service} is set for ${environment} on this machine; start the platform again`);
}

/** Reads a value of one line; the line end of `echo` is no part of it. The value is in no message. */
async function readValue(input: AsyncIterable<string | Buffer>): Promise<string> {
  let text = "";
  for await (const chunk of input) {
    text += chunk.toString();
    if (text.length > maxBytes) break;
  }
  const value = text.replace(/\r?\n$/, "");
  if (value === "" || Buffer.byteLength(value) > maxBytes || /[\r\n\0]/.test(value)) {
    throw new UserError(
      `the value on stdin must be one line of 1 to ${maxBytes} bytes, got ${text.length} characters; pipe it in`,
    );
  }
  return value;
}
