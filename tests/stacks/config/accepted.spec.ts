import assert from "node:assert/strict";
import { zoneLetters } from "../../../stacks/config/aws-regions";
import { type Environment, exampleConfig, problemsAfter, problemsOf, set } from "./example";

/** Values that AWS takes, by the path of the value. */
const accepted: Readonly<Record<string, readonly unknown[]>> = {
  "roles.permissionsBoundary": [
    "arn:aws:iam::123456789012:policy/platform-boundary",
    "arn:aws:iam::123456789012:policy/team/a/platform-boundary",
    "arn:aws:iam::aws:policy/PowerUserAccess",
    "arn:aws:iam::aws:policy/job-function/SystemAdministrator",
    `arn:aws:iam::123456789012:policy/${"p".repeat(120)}/${"a".repeat(128)}`,
  ],
  "regions[0].machineImage": ["ami-0123456789abcdef0", "ami-01234567"],
  "cors.origins[0]": [
    "https://app.example.com:65535",
    "https://app.example.com:1",
    "https://qa--site.example.net",
    "https://intranet",
    "https://10.0.0.1",
    "http://localhost",
    "http://localhost:5173",
    `https://${"a".repeat(63)}.example.com`,
  ],
  "signIn.callbackUrls[0]": [
    "https://app.example.com/",
    "https://app.example.com:8443/signed-in",
    "http://localhost:5173/signed-in",
  ],
  "signIn.domainPrefix": ["a", "a".repeat(63), "example-2"],
  "services.shipping.legacyUrl": [
    "https://legacy.example.com",
    "https://legacy.example.com:443/rates",
    "https://legacy.example.com:1024/rates",
    "https://legacy.example.com:65535/rates",
    "https://rates.api.example.com/rates",
    "https://52.95.110.1/rates",
  ],
  "services.shipping.routes": [
    { "get-health": { throttle: { rate: 5, burst: 20 } } },
    { "get-shipment": { throttle: { rate: 1, burst: 1 } } },
  ],
  "alarms.emails": [[], ["on-call@example.com", "ops@example.com"], ["on-call+dev@mail.example.com"]],
  tokens: [{ accessMinutes: 1440, idMinutes: 1440, refreshDays: 1 }],
};

describe("a value that AWS takes", () => {
  for (const [path, values] of Object.entries(accepted)) {
    for (const value of values) {
      it(`${path}: ${JSON.stringify(value).slice(0, 80)}`, () => assert.deepEqual(problemsAfter(path, value), []));
    }
  }

  const names: readonly (readonly [zone: string, api: string])[] = [
    ["example.com", "example.com"],
    ["example.com", "api.example.com"],
    ["dev.example.org", "api.dev.example.org"],
    ["example.co.uk", "api.example.co.uk"],
    ["team.github.io", "api.team.github.io"],
    ["xn--e1afmkfd.xn--p1ai", "api.xn--e1afmkfd.xn--p1ai"],
    ["xn--bcher-kva.example.net", "api.xn--bcher-kva.example.net"],
    ["example.com", `${"a".repeat(52)}.example.com`],
  ];
  for (const [zone, api] of names) {
    it(`domain: ${zone} with ${api}`, () => assert.deepEqual(problemsAfter("domain", { zone, api }), []));
  }

  it("is every region of the table, with two of its zones", () => {
    const refused = Object.entries(zoneLetters).flatMap(([name, letters]) => {
      const config = exampleConfig("dev");
      const zones = [...letters].slice(0, 2).map((letter) => `${name}${letter}`);
      set(config, "regions", [{ name, cidr: "10.8.0.0/16", zones }]);
      return problemsOf(config, "dev");
    });
    assert.deepEqual(refused, []);
  });

  for (const environment of ["dev", "prod"] satisfies Environment[]) {
    it(`is every value of ${environment}`, () =>
      assert.deepEqual(problemsOf(exampleConfig(environment), environment), []));
  }
});
