import { internalError } from "../gateway-responses";

/** A key that may be bare or quoted with either kind of quotes, and an integer. */
const statusForm = /^(?:statusCode|"statusCode"|'statusCode')\s*:\s*(\d{3})$/;
const fieldForm = /^(?:\w+|"[^"]*"|'[^']*')\s*:\s*(?:"[^"]*"|'[^']*'|\{[^{}]*\}|\[[^[\]]*\]|[\w.+-]*)$/s;

/**
 * Reads the status of a mock integration from its rendered request template. API Gateway's parser is lenient: it takes
 * keys without quotes, and a comma at the end.
 * @throws {GatewayError} when there is no status
 */
export function mockStatus(body: string): number {
  const status = strictStatus(body) ?? lenientStatus(body);
  if (status === undefined) throw internalError();
  return status;
}

function strictStatus(body: string): number | undefined {
  try {
    const { statusCode } = JSON.parse(body);
    return Number.isInteger(statusCode) ? statusCode : undefined;
  } catch {
    return undefined;
  }
}

function lenientStatus(body: string): number | undefined {
  const [, content] = /^\s*\{(.+)\}\s*$/s.exec(body) ?? [];
  const fields = (content ?? "").split(/,(?![^{}[\]]*[}\]])/).map((field) => field.trim());
  const given = fields.filter((field) => field !== "");
  if (given.length === 0 || !given.every((field) => fieldForm.test(field))) return undefined;
  const found = given.map((field) => statusForm.exec(field)?.[1]).findLast((status) => status !== undefined);
  return found === undefined ? undefined : Number(found);
}
