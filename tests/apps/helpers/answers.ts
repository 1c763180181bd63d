import assert from "node:assert/strict";

/** Asserts a refusal: status, code, and a body of `code` and `message` and nothing else. */
export async function assertRefused(response: Response, status: number, code: string): Promise<string> {
  const body = (await response.json()) as Record<string, unknown>;
  assert.equal(`${response.status} ${body["code"]}`, `${status} ${code}`, JSON.stringify(body));
  assert.deepEqual(Object.keys(body).sort(), ["code", "message"]);
  assert.match(response.headers.get("content-type") ?? "", /^application\/json/);
  const message = String(body["message"]);
  assert.doesNotMatch(message, /\n|\bat .+:\d+:\d+/, "no stack trace");
  return message;
}
