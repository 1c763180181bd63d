import assert from "node:assert/strict";
import { problemsOfChange } from "./example";

describe("values that do not fit each other, or the services", () => {
  const refusals: [title: string, change: (config: any) => void, expected: RegExp][] = [
    [
      "a recovery time DNS cannot keep",
      (c) => {
        c.targets.recoveryTimeSeconds = 94;
      },
      /^platform:targets\.recoveryTimeSeconds must be at least 95/,
    ],
    [
      "a maximum below the minimum",
      (c) => {
        c.services.shipping.capacity.max = 3;
      },
      /^platform:services\.shipping\.capacity\.max must be at least 5, one and a half times the minimum of 3, got 3; raise it/,
    ],
    [
      "a target that leaves no room for a lost zone",
      (c) => {
        c.services.shipping.scaling.cpuPercent = 61;
      },
      /^platform:services\.shipping\.scaling\.cpuPercent must be at most 60, .*got 61; lower it/,
    ],
    [
      "more provisioned than reserved",
      (c) => {
        c.services.shipping.lambda = { reservedConcurrency: 5, provisionedConcurrency: 6 };
      },
      /provisionedConcurrency must be at most reservedConcurrency \(5\), got 6/,
    ],
    [
      "more concurrency than an account has",
      (c) => {
        for (const s of Object.values<any>(c.services)) {
          s.pattern = "lambda";
          s.lambda = { reservedConcurrency: 225 };
        }
      },
      /^platform:services reserve 904 concurrent executions, more than the 900/,
    ],
    [
      "a service nobody wrote",
      (c) => {
        c.services.toys = c.services.shipping;
      },
      /^platform:services\.toys is no service of apps\/catalog\.ts \(food-store, .*\); add it there, or remove it/,
    ],
    [
      "a service left out",
      (c) => {
        delete c.services.shipping;
      },
      /^platform:services\.shipping is missing/,
    ],
    [
      "a service named like a property of every object",
      (c) => {
        c.services = JSON.parse(JSON.stringify(c.services).replace('"shipping"', '"__proto__"'));
      },
      /platform:services/,
    ],
    [
      "a legacy route without its URL",
      (c) => {
        delete c.services.shipping.legacyUrl;
      },
      /^platform:services\.shipping\.legacyUrl is missing; set the https URL that get-rates stays with/,
    ],
    [
      "a legacy URL nobody uses",
      (c) => {
        c.services["pet-store"].legacyUrl = "https://legacy.example.com/";
      },
      /^platform:services\.pet-store\.legacyUrl has no route that uses it/,
    ],
    [
      "a route nobody declared",
      (c) => {
        c.services.shipping.routes = { "get-nothing": { enabled: false } };
      },
      /^platform:services\.shipping\.routes\.get-nothing is no route of the contract \(put-shipment, .*get-rates, post-pickup\); name one/,
    ],
    [
      "a health route switched off",
      (c) => {
        c.services.shipping.routes = { "get-health": { enabled: false } };
      },
      /^platform:services\.shipping\.routes\.get-health\.enabled must not be false/,
    ],
    [
      "servers that cannot reach AWS",
      (c) => {
        c.network = { nat: "none", interfaceEndpoints: false };
      },
      /^platform:network\.nat must not be none while interfaceEndpoints is false, as food-store, price-calculator, shipping could not/,
    ],
    [
      "a boundary that is no policy",
      (c) => {
        c.roles.permissionsBoundary = "platform-boundary";
      },
      /^platform:roles\.permissionsBoundary must be the ARN of a policy such as arn:aws:iam::123456789012:policy\//,
    ],
    [
      "a retention CloudWatch does not know",
      (c) => {
        c.logRetentionDays = 8;
      },
      /^platform:logRetentionDays must be one of 1, 3, 5/,
    ],
    [
      "tokens shorter than Cognito makes",
      (c) => {
        c.tokens.accessMinutes = 4;
      },
      /^platform:tokens\.accessMinutes must be at least 5, got 4/,
    ],
  ];
  for (const [title, change, expected] of refusals) {
    it(`refuses ${title}`, () => {
      const found = problemsOfChange(change);
      assert.ok(
        found.some((line) => expected.test(line)),
        found.join("\n"),
      );
    });
  }
});
