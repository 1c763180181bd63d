import type { Authorization } from "./authorization";
import { SignatureError } from "./signature-error";

const allowedMilliseconds = 5 * 60_000;

/** @throws {SignatureError} when a request was not signed within 5 minutes of now, or its URL has expired */
export function refuseWrongTime({ time, scope: { date }, expiresSeconds }: Authorization, now: number): void {
  const signedAt = millisecondsOf(time);
  if (signedAt === undefined) {
    const message = `Date must be in ISO-8601 'basic format'. Got '${time}'. See http://en.wikipedia.org/wiki/ISO_8601`;
    throw new SignatureError("IncompleteSignatureException", message);
  }
  if (date !== time.slice(0, 8)) {
    const message = "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP";
    throw skewed(`${message}: '${date}' != '${time.slice(0, 8)}', from '${time}'.`, "AuthorizationHeaderMalformed");
  }
  const earliest = now - (expiresSeconds === undefined ? allowedMilliseconds : expiresSeconds * 1_000);
  if (signedAt < earliest) {
    const window = expiresSeconds === undefined ? "5 min." : `${expiresSeconds} s`;
    throw skewed(`Signature expired: ${time} is now earlier than ${basic(earliest)} (${basic(now)} - ${window})`);
  }
  const latest = now + allowedMilliseconds;
  if (signedAt > latest) {
    throw skewed(`Signature not yet current: ${time} is still later than ${basic(latest)} (${basic(now)} + 5 min.)`);
  }
}

function skewed(message: string, nameInS3 = "RequestTimeTooSkewed"): SignatureError {
  return new SignatureError("InvalidSignatureException", message, nameInS3);
}

let last: { readonly time: string; readonly milliseconds: number } | undefined;

/** Many requests are signed in one second. */
function millisecondsOf(time: string): number | undefined {
  if (last?.time === time) return last.milliseconds;
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time) ?? [];
  if (year === undefined) return undefined;
  const milliseconds = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(milliseconds)) return undefined;
  last = { time, milliseconds };
  return milliseconds;
}

function basic(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/[:-]|\.\d{3}/g, "");
}
