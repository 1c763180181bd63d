import { at, isTrue, show } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const bucketVersioned: StackRule = {
  scope: "stack",
  name: "bucket-versioned",
  types: [T.bucket],
  holds: "A bucket keeps what was overwritten or deleted for a while.",
  why: "A wrong delete is otherwise final.",
  mend: "add an aws.s3.BucketVersioning with status Enabled",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["S3.14"], K: ["21"] },
  check(bucket, { stack, report }) {
    const found = stack.referrers(bucket, "aws:s3/bucketVersioning:BucketVersioning", "bucket");
    const inline = isTrue(at(bucket.props, "versioning.enabled"));
    const status = at(found[0]?.props, "versioningConfiguration.status");
    if (status !== "Enabled" && !inline) report(bucket, `must be versioned, got ${show(status)}`);
  },
};
