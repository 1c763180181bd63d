import assert from "node:assert/strict";
import type { GraphIndex, PlannedResource } from "../../../graph/model";
import { only, planAccount } from "./fixture";

const bucketPart = (name: string) => `aws:s3/bucket${name}:Bucket${name}`;

describe("StateStore", () => {
  let plan: GraphIndex;
  let bucket: PlannedResource;
  let key: PlannedResource;
  before(async () => {
    plan = await planAccount((config) => {
      config.state.retentionDays = 45;
    });
    bucket = plan.one("aws:s3/bucket:Bucket", {});
    key = plan.one("aws:kms/key:Key", {});
  });

  it("is in the first region, and once", () => {
    assert.equal(bucket.region, "eu-west-1");
    assert.equal(key.region, "eu-west-1");
  });

  it("locks every version for the configured days from the bucket's creation on", () => {
    assert.equal(bucket.inputs["objectLockEnabled"], true);
    assert.deepEqual(only(plan, bucketPart("ObjectLockConfiguration")), {
      bucket: bucket.outputs["id"],
      rule: { defaultRetention: { mode: "GOVERNANCE", days: 45 } },
    });
  });

  it("is versioned, and drops superseded versions after their lock, and the markers that are left", () => {
    assert.deepEqual(only(plan, bucketPart("Versioning"))["versioningConfiguration"], { status: "Enabled" });
    const { rules } = only(plan, bucketPart("LifecycleConfiguration")) as any;
    assert.deepEqual(rules[0].noncurrentVersionExpiration, { noncurrentDays: 45 });
    assert.deepEqual(rules[0].expiration, { expiredObjectDeleteMarker: true });
  });

  it("is encrypted with a key of its own that rotates", () => {
    assert.deepEqual(only(plan, bucketPart("ServerSideEncryptionConfiguration"))["rules"], [
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.outputs["arn"] },
        bucketKeyEnabled: true,
      },
    ]);
    assert.equal(key.inputs["enableKeyRotation"], true);
    assert.equal(key.inputs["deletionWindowInDays"], 30);
    assert.equal(only(plan, "aws:kms/alias:Alias")["targetKeyId"], key.outputs["keyId"]);
  });

  it("lets the account administer the key, and the deploy role use it and no more", () => {
    const [administration, deployment, ...rest] = JSON.parse(key.inputs["policy"]).Statement;
    assert.deepEqual(administration.Principal, { AWS: "arn:aws:iam::123456789012:root" });
    const role = plan.ofType("aws:iam/role:Role").find(({ name }) => name === "account-eu-west-1-deploy-role")!;
    assert.deepEqual(deployment.Principal, { AWS: role.outputs["arn"] });
    assert.deepEqual(deployment.Action, ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"]);
    assert.deepEqual(rest, []);
  });

  it("is reached by TLS alone, and closed to the public", () => {
    const [tls, ...rest] = JSON.parse(only(plan, bucketPart("Policy"))["policy"]).Statement;
    assert.deepEqual(
      [tls.Effect, tls.Action, tls.Condition],
      ["Deny", "s3:*", { Bool: { "aws:SecureTransport": "false" } }],
    );
    assert.deepEqual(rest, []);
    const { bucket: _, ...flags } = only(plan, bucketPart("PublicAccessBlock"));
    assert.deepEqual(Object.values(flags), [true, true, true, true]);
  });

  it("is protected, with all below it", () => {
    const below = plan.graph.resources.filter(({ name }) => name.startsWith("account-eu-west-1-state"));
    assert.equal(below.length, 12);
    for (const { urn, protect } of below) assert.equal(protect, true, urn);
    assert.equal(bucket.inputs["forceDestroy"], false);
  });

  it("says how to log in and where secrets are encrypted", () => {
    assert.equal(plan.graph.outputs["backend"], `s3://${bucket.outputs["bucket"]}?region=eu-west-1&awssdk=v2`);
    assert.equal(plan.graph.outputs["secretsProvider"], "awskms://alias/platform-state?region=eu-west-1");
    assert.equal(only(plan, "aws:kms/alias:Alias")["name"], "alias/platform-state");
  });
});
