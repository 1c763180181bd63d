import assert from "node:assert/strict";
import { exampleConfig, problemsOf } from "./example";

/** Problems of prod with a web app of that name. */
function problemsWith(domain: string, change: (config: any) => void = () => undefined): string[] {
  const config = exampleConfig("prod");
  config.web = { domain };
  change(config);
  return problemsOf(config);
}

describe("the name of the web app", () => {
  it("is any free name in the zone", () => {
    assert.deepEqual(problemsWith("app.example.com"), []);
    assert.deepEqual(problemsWith("try.it.example.com"), []);
  });

  it("is refused outside the zone, and where it is too long for a certificate", () => {
    assert.deepEqual(problemsWith("app.example.org"), [
      'platform:web.domain must lie in the zone example.com, got "app.example.org"; try "app.example.com"',
    ]);
    assert.match(
      problemsWith(`${"a".repeat(60)}.example.com`).join("\n"),
      /^platform:web\.domain must be at most 64 characters, as the first name of a certificate, got 72 in /,
    );
  });

  for (const [of, name] of [
    ["the API", "api.example.com"],
    ["a region", "eu-west-1.api.example.com"],
    ["the private API", "internal.example.com"],
    ["the sign-in page", "sign-in.api.example.com"],
  ] as const) {
    it(`is refused where ${of} has it`, () => {
      const problems = problemsWith(name, (config) => {
        config.signIn.domain = "sign-in.api.example.com";
      });
      assert.deepEqual(problems, [
        `platform:web.domain must be a name of its own, and "${name}" is that of an API, a region or the sign-in page; try "app.example.com"`,
      ]);
    });
  }
});
