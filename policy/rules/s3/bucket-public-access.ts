import { isTrue } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

const flags = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

export const bucketPublicAccess: StackRule = {
  scope: "stack",
  name: "bucket-public-access",
  types: [T.bucket],
  holds: "Every bucket blocks public access, in all four ways.",
  why: "One wrong ACL or policy would publish what is in it.",
  mend: "add an aws.s3.BucketPublicAccessBlock with its four flags true",
  severity: "critical",
  level: "mandatory",
  ids: { F: ["S3.1", "S3.8"], N: ["S2"], K: ["53", "54", "55", "56", "g6"] },
  check(bucket, { stack, report }) {
    const [found] = stack.referrers(bucket, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "bucket");
    if (found === undefined) return report(bucket, "must block public access, got no BucketPublicAccessBlock");
    const open = flags.filter((flag) => !isTrue(found.props[flag]));
    if (open.length > 0) report(bucket, `must block public access in all four ways, got ${open.join(", ")} not true`);
  },
};
