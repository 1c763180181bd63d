import assert from "node:assert/strict";
import { UserError } from "../../../graph/user-error";
import { StartRetries } from "../../../local/processes/start-retries";
import { TimeScale } from "../../../local/time-scale";

/** Retries whose first starts fail with these errors; tells what was logged. */
async function logOf(...failures: unknown[]): Promise<string[]> {
  const lines: string[] = [];
  const retries = new StartRetries({
    service: "thing",
    restartSeconds: 0.001,
    time: new TimeScale(1000),
    log: (_service, text) => lines.push(text),
    signal: new AbortController().signal,
  });
  const started = await retries.untilUp(
    async () => {
      if (failures.length === 0) return "started";
      throw failures.shift();
    },
    () => false,
  );
  assert.equal(started, "started");
  return lines.filter((line) => !line.startsWith("crash loop"));
}

describe("starts of a server that fail", () => {
  it("are logged by the sentence of a foreseen error", async () => {
    assert.deepEqual(await logOf(new UserError("thing: cannot be started")), ["thing: cannot be started"]);
  });

  it("are logged with the place in the code, when the error was not foreseen", async () => {
    const [line] = await logOf(new TypeError("x is not a function"), new UserError("again"));
    assert.match(line!, /^TypeError: x is not a function\n\s+at .*start-retries\.spec/);
  });
});
