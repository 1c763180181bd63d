import assert from "node:assert/strict";
import fc from "fast-check";
import { exampleConfig, problemsOf, set } from "./example";

/** Paths of every value of the example, those of objects and lists included. */
function pathsOf(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, each]) =>
    pathsOf(each, Array.isArray(value) ? `${path}[${key}]` : `${path}["${key}"]`),
  );
  return path === "" ? inner : [path, ...inner];
}

const paths = pathsOf(exampleConfig("prod"));
const hostile = fc.oneof(
  fc.anything({ withBigInt: false, withNullPrototype: true }),
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.domain(),
  fc.ipV4(),
  fc.emailAddress(),
  fc.integer(),
  fc.double(),
  fc.constantFrom("__proto__", "constructor", "toString", "", " ", "\n", "\u0000", "$x", "{proxy+}", null, [], {}),
);

describe("a configuration with any values", () => {
  it("is accepted or refused with sentences of one line, never with another error", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...paths), hostile), { minLength: 1, maxLength: 4 }), (changes) => {
        const config = exampleConfig("prod");
        for (const [path, value] of changes) {
          try {
            set(config, path, value);
          } catch {
            // An earlier change made a value of the parent.
          }
        }
        for (const line of problemsOf(config)) {
          assert.match(line, /^platform:\S.* (must|needs|is|has|overlaps|cannot|reserve|makes) /);
          assert.ok(line.length < 700, line);
        }
      }),
      { numRuns: 400 },
    );
  });

  it("is refused with every problem of values that do not depend on each other", () => {
    const broken: readonly (readonly [path: string, value: unknown, start: string])[] = [
      ["domain.zone", "co.uk", "domain.zone must"],
      ["regions[1].name", "eu-west-9", "regions[1].name must"],
      ["cors.origins[0]", "https://app.example.com:65536", "cors.origins[0] must"],
      ["signIn.callbackUrls[0]", "https://app..example.com/", "signIn.callbackUrls[0] must"],
      ["alarms.emails[0]", "on-call", "alarms.emails[0] must"],
      ["roles.permissionsBoundary", "boundary", "roles.permissionsBoundary must"],
      ["logRetentionDays", 8, "logRetentionDays must"],
      ["services.shipping.legacyUrl", "https://localhost/", "services.shipping.legacyUrl must"],
      ["services.food-store.routes", { "get-health": { enabled: false } }, "services.food-store.routes.get-health"],
      ["regoins", 1, "regoins is"],
    ];
    fc.assert(
      fc.property(fc.subarray([...broken], { minLength: 1 }), (chosen) => {
        const config = exampleConfig("prod");
        for (const [path, value] of chosen) set(config, path, value);
        const found = problemsOf(config);
        assert.equal(found.length, chosen.length, found.join("\n"));
        for (const [, , start] of chosen)
          assert.ok(
            found.some((line) => line.startsWith(`platform:${start}`)),
            start,
          );
      }),
      { numRuns: 100 },
    );
  });
});
