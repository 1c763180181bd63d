import type { Rule } from "../../pack/rule";
import { deniesPlain, isPublic, statements } from "../../stack/iam";
import { at, isTrue, show } from "../../stack/read";
import { T } from "../../stack/types";

const flags = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

/** Rules for S3. */
export const s3Rules: readonly Rule[] = [
  {
    scope: "stack",
    name: "bucket-owner-enforced",
    types: [T.bucket],
    description: "The bucket's owner owns every object in it, and ACLs are off.",
    rationale: "ACLs give access that no policy shows.",
    fix: "add an aws.s3.BucketOwnershipControls with BucketOwnerEnforced",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["S3.12"], checkov: ["CKV2_AWS_65"] },
    check(bucket, { stack, report }) {
      const found = stack.referrers(bucket, "aws:s3/bucketOwnershipControls:BucketOwnershipControls", "bucket");
      const value = at(found[0]?.props, "rule.objectOwnership");
      if (value !== "BucketOwnerEnforced") report(bucket, `must have its ACLs off, got ownership ${show(value)}`);
    },
  },
  {
    scope: "resource",
    name: "bucket-policy-not-public",
    types: ["aws:s3/bucketPolicy:BucketPolicy"],
    description: "A bucket's policy names who may use it.",
    rationale: "An allow for everybody publishes the bucket as soon as the block is lifted.",
    fix: "name the principal, or narrow it by a condition on account or source",
    severity: "critical",
    level: "mandatory",
    ids: { securityHub: ["S3.8"], cdkNag: ["AwsSolutions-S5"], checkov: ["CKV_AWS_70"] },
    check(policy, { report }) {
      const open = statements(policy.props["policy"]).find(isPublic);
      if (open) report(policy, `must not allow everybody, got statement ${show(open.sid || open.actions)}`);
    },
  },
  {
    scope: "stack",
    name: "bucket-public-access",
    types: [T.bucket],
    description: "Every bucket blocks public access, in all four ways.",
    rationale: "One wrong ACL or policy would publish what is in it.",
    fix: "add an aws.s3.BucketPublicAccessBlock with its four flags true",
    severity: "critical",
    level: "mandatory",
    ids: {
      securityHub: ["S3.1", "S3.8"],
      cdkNag: ["AwsSolutions-S2"],
      checkov: ["CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56", "CKV2_AWS_6"],
    },
    check(bucket, { stack, report }) {
      const [found] = stack.referrers(bucket, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "bucket");
      if (found === undefined) return report(bucket, "must block public access, got no BucketPublicAccessBlock");
      const open = flags.filter((flag) => !isTrue(found.props[flag]));
      if (open.length > 0) report(bucket, `must block public access in all four ways, got ${open.join(", ")} not true`);
    },
  },
  {
    scope: "stack",
    name: "bucket-tls",
    types: [T.bucket],
    description: "Every bucket refuses requests without TLS.",
    rationale: "Presigned links work over plain HTTP too, unless the bucket says no.",
    fix: "add a bucket policy that denies s3:* where aws:SecureTransport is false",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["S3.5"], cdkNag: ["AwsSolutions-S10"], checkov: ["CKV_AWS_70"] },
    check(bucket, { stack, report }) {
      const policies = stack.referrers(bucket, "aws:s3/bucketPolicy:BucketPolicy", "bucket");
      const denied = policies.some((one) =>
        statements(one.props["policy"]).some((it) => deniesPlain(it) && it.actions.includes("s3:*")),
      );
      if (!denied)
        report(
          bucket,
          `must refuse requests without TLS, got ${policies.length === 0 ? "no policy" : "no such statement"}`,
        );
    },
  },
  {
    scope: "stack",
    name: "bucket-versioned",
    types: [T.bucket],
    description: "A bucket keeps what was overwritten or deleted for a while.",
    rationale: "A wrong delete is otherwise final.",
    fix: "add an aws.s3.BucketVersioning with status Enabled",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["S3.14"], checkov: ["CKV_AWS_21"] },
    check(bucket, { stack, report }) {
      const found = stack.referrers(bucket, "aws:s3/bucketVersioning:BucketVersioning", "bucket");
      const inline = isTrue(at(bucket.props, "versioning.enabled"));
      const status = at(found[0]?.props, "versioningConfiguration.status");
      if (status !== "Enabled" && !inline) report(bucket, `must be versioned, got ${show(status)}`);
    },
  },
];
