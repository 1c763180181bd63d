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

  for (const [of, name, owner] of [
    ["the API", "api.example.com", "the HTTP API"],
    ["a region", "eu-west-1.api.example.com", "the HTTP API"],
    ["the private API", "internal.example.com", "the private API"],
    ["the sign-in page", "sign-in.api.example.com", "the sign-in page"],
  ] as const) {
    it(`is refused where ${of} has it`, () => {
      const problems = problemsWith(name, (config) => {
        config.signIn.domain = "sign-in.api.example.com";
      });
      assert.deepEqual(problems, [
        `platform:web.domain must be a name of its own, got "${name}", which ${owner} has; try "app.example.com"`,
      ]);
    });
  }
});

describe("lists that the web app's URLs are added to", () => {
  for (const [key, list, most, own] of [
    ["cors", "origins", 20, "https://app.example.com"],
    ["signIn", "callbackUrls", 100, "https://app.example.com/signed-in"],
    ["signIn", "logoutUrls", 100, "https://app.example.com/"],
  ] as const) {
    const problemsOf = (others: readonly string[]) =>
      problemsWith("app.example.com", (config) => {
        config[key][list] = others;
      });
    const others = Array.from({ length: most }, (_, i) => own.replace("app", `app-${i}`));

    it(`leave room in ${key}.${list}`, () => {
      assert.deepEqual(problemsOf(others.slice(1)), []);
      assert.deepEqual(problemsOf([...others.slice(1), own]), []);
      assert.deepEqual(problemsOf(others), [
        `platform:${key}.${list} must leave room for ${own} of the web app, at most ${most - 1} others, got ${most}; remove one`,
      ]);
    });
  }
});
