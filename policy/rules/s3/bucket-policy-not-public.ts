import { isPublic, statements } from "../../core/iam";
import { show } from "../../core/read";
import type { ResourceRule } from "../../core/rule";

export const bucketPolicyNotPublic: ResourceRule = {
  scope: "resource",
  name: "bucket-policy-not-public",
  types: ["aws:s3/bucketPolicy:BucketPolicy"],
  holds: "A bucket's policy names who may use it.",
  why: "An allow for everybody publishes the bucket as soon as the block is lifted.",
  mend: "name the principal, or narrow it by a condition on account or source",
  severity: "critical",
  level: "mandatory",
  ids: { F: ["S3.8"], N: ["S5"], K: ["70"] },
  check(policy, { report }) {
    const open = statements(policy.props["policy"]).find(isPublic);
    if (open) report(policy, `must not allow everybody, got statement ${show(open.sid || open.actions)}`);
  },
};
