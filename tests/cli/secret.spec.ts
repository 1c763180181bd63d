import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setSecret } from "../../cli/secret";
import { UserError } from "../../graph/user-error";

describe("npm run secret -- set", () => {
  const state = mkdtempSync(join(tmpdir(), "platform-secret-"));
  after(() => rmSync(state, { recursive: true, force: true }));
  const set = (service: string, name: string, value: string, stack = "dev") =>
    setSecret(service, name, { stack, state }, Readable.from([value]));

  it("stores the line on stdin for one environment", async () => {
    await set("shipping", "CARRIER_KEY", 'a key with = and "quotes"\n');
    await set("shipping", "CARRIER_KEY", "another", "prod");
    assert.deepEqual(JSON.parse(readFileSync(join(state, "secrets.json"), "utf8")), {
      "/platform/dev/shipping/CARRIER_KEY": 'a key with = and "quotes"',
      "/platform/prod/shipping/CARRIER_KEY": "another",
    });
  });

  for (const [title, args, sentence] of [
    [
      "a service that does not exist",
      ["shop", "CARRIER_KEY", "x"],
      /^service must be one of food-store, .*got "shop"; correct it$/,
    ],
    [
      "a secret that no contract declares",
      ["shipping", "KEY", "x"],
      /its contract declares \(CARRIER_KEY\), got "KEY"; add it to needs\.secrets$/,
    ],
    ["a service without secrets", ["food-store", "KEY", "x"], /its contract declares \(none\), got "KEY"/],
    [
      "no value",
      ["shipping", "CARRIER_KEY", "\n"],
      /must be one line of 1 to 4096 bytes, got 1 characters; pipe it in$/,
    ],
    ["two lines", ["shipping", "CARRIER_KEY", "hidden\nvalue"], /must be one line/],
    ["too long a value", ["shipping", "CARRIER_KEY", "x".repeat(5_000)], /got 5000 characters/],
  ] as const) {
    it(`refuses ${title}, without repeating the value`, async () => {
      const [service, name, value] = args;
      await assert.rejects(set(service, name, value), (error: Error) => {
        assert.ok(error instanceof UserError && !error.message.includes("hidden"));
        assert.match(error.message, sentence);
        return true;
      });
    });
  }
});
