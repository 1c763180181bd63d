import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { SoftwareToken } from "../../../local/cognito/directory/totp";
import { totpCode } from "../../helpers/totp";

/** Secret of RFC 6238, appendix B, and its codes with SHA-1: the last six of eight digits. */
const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const vectors: readonly (readonly [seconds: number, code: string])[] = [
  [59, "287082"],
  [1_111_111_109, "081804"],
  [1_111_111_111, "050471"],
  [1_234_567_890, "005924"],
  [2_000_000_000, "279037"],
];
const used = { name: "ExpiredCodeException", message: "Your software token has already been used once." };
const installed = spawnSync("oathtool", ["--version"]).status === 0;

describe("software tokens", () => {
  it("accept the codes of RFC 6238, as the helper of the other tests makes them", () => {
    for (const [seconds, code] of vectors) {
      assert.equal(totpCode(secret, seconds * 1_000), code);
      assert.equal(new SoftwareToken(secret).accept(code, seconds * 1_000), true);
    }
  });

  it("accept the code before and the next one, no further one, and none twice", () => {
    const now = 1_700_000_015_000;
    for (const [steps, accepted] of [
      [-2, false],
      [-1, true],
      [0, true],
      [1, true],
      [2, false],
    ] as const) {
      const token = new SoftwareToken(secret);
      const code = totpCode(secret, now + steps * 30_000);
      assert.equal(token.accept(code, now), accepted, `${steps}`);
      if (accepted) assert.throws(() => token.accept(code, now), used);
    }
    for (const text of ["", "12345", "1234567", "12345a", " 12345"])
      assert.equal(new SoftwareToken(secret).accept(text, now), false);
  });

  it("accept what Debian's oathtool makes of their key: now, the step before and the next", function () {
    if (!installed && process.env["REQUIRE_OATHTOOL"] === undefined) {
      console.log(
        "      oathtool is not installed: its codes were not tried; apt-get install oathtool, and run this again",
      );
      return this.skip();
    }
    const token = new SoftwareToken();
    const now = Date.now();
    for (const steps of [-1, 0, 1]) {
      const at = `${new Date(now + steps * 30_000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
      const { stdout, error } = spawnSync("oathtool", ["--totp", "--base32", `--now=${at}`, token.secret], {
        encoding: "utf8",
      });
      assert.equal(error, undefined);
      assert.equal(token.accept(stdout.trim(), now), true, `${steps}`);
      assert.throws(() => token.accept(stdout.trim(), now), used);
    }
  });
});
