import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../graph/project-root";
import { isKnownOperation, restOperation } from "../../local/aws/known-operations";
import { operationsSource } from "./aws-operations";

describe("local/aws/operations.ts", () => {
  it("is what npm run generate makes of the clients that the code imports", () => {
    assert.equal(readFileSync(join(projectRoot, "local/aws/operations.ts"), "utf8"), operationsSource());
  });

  it("knows an operation by its service, and one of REST by method and path", () => {
    assert.equal(isKnownOperation("secretsmanager", "GetSecretValue"), true);
    assert.equal(isKnownOperation("secretsmanager", "ListSecrets"), false);
    assert.equal(isKnownOperation("ec2", "GetSecretValue"), false);
    assert.equal(isKnownOperation("secretsmanager", "constructor"), false);
    assert.equal(restOperation("apigateway", "GET", "/usageplans/a1/keys"), "GetUsagePlanKeys");
    assert.equal(restOperation("apigateway", "GET", "/usageplans/a1/keys/b2"), undefined);
    assert.equal(restOperation("apigateway", "GET", "/restapis"), undefined);
  });
});
