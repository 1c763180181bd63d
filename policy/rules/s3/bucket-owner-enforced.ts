import { at, show } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const bucketOwnerEnforced: StackRule = {
  scope: "stack",
  name: "bucket-owner-enforced",
  types: [T.bucket],
  holds: "The bucket's owner owns every object in it, and ACLs are off.",
  why: "ACLs give access that no policy shows.",
  mend: "add an aws.s3.BucketOwnershipControls with BucketOwnerEnforced",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["S3.12"], K: ["g65"] },
  check(bucket, { stack, report }) {
    const found = stack.referrers(bucket, "aws:s3/bucketOwnershipControls:BucketOwnershipControls", "bucket");
    const value = at(found[0]?.props, "rule.objectOwnership");
    if (value !== "BucketOwnerEnforced") report(bucket, `must have its ACLs off, got ownership ${show(value)}`);
  },
};
