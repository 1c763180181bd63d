import { deniesPlain, statements } from "../../core/iam";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const bucketTls: StackRule = {
  scope: "stack",
  name: "bucket-tls",
  types: [T.bucket],
  holds: "Every bucket refuses requests without TLS.",
  why: "Presigned links work over plain HTTP too, unless the bucket says no.",
  mend: "add a bucket policy that denies s3:* where aws:SecureTransport is false",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["S3.5"], N: ["S10"], K: ["70"] },
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
};
