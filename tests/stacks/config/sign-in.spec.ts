import assert from "node:assert/strict";
import { problemsAfter, problemsOfChange, refuses } from "./example";

describe("signing in, as it is configured", () => {
  it("may have groups that grant scopes of services, one of which people join who sign up", () => {
    assert.deepEqual(problemsAfter("signIn.groups", { editors: { scopes: ["food-store/write"] } }), []);
    assert.deepEqual(problemsAfter("signIn.groups", { newcomers: { scopes: [] } }), []);
    const groups = { editors: { scopes: ["food-store/write"] }, newcomers: { scopes: [] } };
    assert.deepEqual(problemsAfter("signIn", { ...base, groups, signUp: { open: true, group: "newcomers" } }), []);
  });

  refuses("signIn.groups", {
    'signIn.groups.editors.scopes[0] must be a scope <service>/<scope> such as food-store/write, got "write"; change it':
      [{ editors: { scopes: ["write"] } }],
    'signIn.groups.editors.scopes[1] is listed twice, got "food-store/write"; remove it': [
      { editors: { scopes: ["food-store/write", "food-store/write"] } },
    ],
    "signIn.groups.editors.scopes is missing; set it to a value of type array": [{ editors: {} }],
  });

  it("refuses a scope that no service asks for", () => {
    const [problem, ...others] = problemsAfter("signIn.groups", { editors: { scopes: ["food-store/read"] } });
    assert.match(
      problem!,
      /^platform:signIn\.groups\.editors\.scopes\[0\] must be a scope of a service \(food-store\/write, .*\), got "food-store\/read"; correct it$/,
    );
    assert.deepEqual(others, []);
  });

  it("refuses a group of new people that does not exist, and names those that do", () => {
    const problems = problemsOfChange((config) => {
      config.signIn.groups = { editors: { scopes: [] } };
      config.signIn.signUp.group = "newcomers";
    });
    assert.deepEqual(problems, [
      'platform:signIn.signUp.group must be a group of signIn.groups (editors), got "newcomers"; add it there',
    ]);
  });

  it("refuses more groups than the trigger's variables take", () => {
    const groups = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [`group-${i}-${"x".repeat(40)}`, { scopes: [] }]),
    );
    assert.match(
      problemsAfter("signIn.groups", groups).join("\n"),
      /^platform:signIn\.groups must be at most 3000 bytes together, .*got 3\d\d\d; join groups, or shorten their names$/,
    );
  });
});

const base = {
  domainPrefix: "example-platform-prod",
  callbackUrls: ["https://app.example.com/signed-in"],
  logoutUrls: ["https://app.example.com/"],
};
