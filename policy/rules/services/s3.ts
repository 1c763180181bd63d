import { examples } from "../../network/examples";
import type { Rule } from "../../pack/rule";
import { deniesPlain, isPublic, type Statement, statements } from "../../stack/iam";
import { at, block, blocks, isTrue, number, show, text } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import type { Stack } from "../../stack/stack";
import { T } from "../../stack/types";
import { peek, UNKNOWN } from "../../stack/unknown";

const flags = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];
const bucketPolicy = "aws:s3/bucketPolicy:BucketPolicy";
const bucketAcl = "aws:s3/bucketAcl:BucketAcl";
const accountBlock = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock";

/**
 * Rules for S3. Since 2023 a new bucket is encrypted, blocks public access and has ACLs disabled, so that only a program
 * that turns one of these off is reported.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html
 */
export const s3Rules: readonly Rule[] = [
  {
    scope: "stack",
    name: "bucket-acl-not-public",
    types: [T.bucket, bucketAcl],
    description: "No ACL gives a bucket to everyone.",
    rationale:
      "Anyone on the internet, or with any AWS account, could otherwise list, read or write the objects in it.",
    fix: "remove the ACL, and publish through CloudFront or by a bucket policy for the paths that are public",
    severity: "critical",
    level: "mandatory",
    ids: { securityHub: ["S3.2", "S3.3"], checkov: ["CKV_AWS_20", "CKV_AWS_57"] },
    check(resource, { stack, report, advise }) {
      const found = publicGrant(resource);
      const say = found === 'acl "public-read"' && isOfWebsite(resource, stack) ? advise : report;
      const fix = found?.startsWith("acl ")
        ? "set acl to private, and publish through CloudFront or by a bucket policy for the paths that are public"
        : "remove the grant, and publish through CloudFront or by a bucket policy for the paths that are public";
      if (found !== undefined) say(resource, `must not give access to everyone, got ${found}`, fix);
    },
  },
  {
    scope: "stack",
    name: "bucket-owner-enforced",
    types: [T.bucket],
    description: "A bucket does not turn ACLs on.",
    rationale: "ACLs give access that no policy shows, and objects can belong to another account.",
    fix: "set rule.objectOwnership to BucketOwnerEnforced, which is the default, and give access by a bucket policy",
    severity: "medium",
    level: "mandatory",
    lowUnless: ["audited"],
    ids: { securityHub: ["S3.12"], checkov: ["CKV2_AWS_65"] },
    check(bucket, { stack, report }) {
      const [found] = stack.referrers(bucket, "aws:s3/bucketOwnershipControls:BucketOwnershipControls", "bucket");
      if (found === undefined || receivesLogsOfCloudFront(bucket, stack) || hasPublicAcl(bucket, stack)) return;
      const value = at(found.props, "rule.objectOwnership");
      if (value !== "BucketOwnerEnforced")
        report(
          bucket,
          `must have its ACLs off, got ownership ${show(value)}`,
          `set rule.objectOwnership to BucketOwnerEnforced on ${found}`,
        );
    },
  },
  {
    scope: "stack",
    name: "bucket-policy-not-public",
    types: [bucketPolicy],
    description: "A bucket's policy names who may use the bucket.",
    rationale: "Anyone on the internet could otherwise use the objects in it.",
    fix: "name the principals, or narrow the statement by a condition on account, organization, address or endpoint",
    severity: "critical",
    level: "mandatory",
    ids: { securityHub: ["S3.8"], cdkNag: ["AwsSolutions-S5"], checkov: ["CKV_AWS_70"] },
    check(policy, { stack, report, advise }) {
      const found = statements(policy.props["policy"]).filter(isPublic);
      const open = found.find((one) => !readsObjects(one)) ?? found[0];
      // The pages of a website are for everyone, and so is a part of a bucket that a policy names for it.
      const isWanted = found.every(
        (one) => readsObjects(one) && (isOfWebsite(policy, stack) || one.resources.every(isPartOfBucket)),
      );
      if (open)
        (isWanted ? advise : report)(
          policy,
          `must not allow every principal, got statement ${show(open.sid || open.actions)}`,
        );
    },
  },
  {
    scope: "stack",
    name: "bucket-public-access",
    types: [T.bucket, accountBlock],
    description: "No bucket turns the block of public access off.",
    rationale: "A wrong policy or ACL would publish the objects in the bucket.",
    fix: "set blockPublicAcls, blockPublicPolicy, ignorePublicAcls and restrictPublicBuckets to true, and publish through CloudFront",
    severity: "high",
    level: "mandatory",
    ids: {
      securityHub: ["S3.1", "S3.8"],
      cdkNag: ["AwsSolutions-S2"],
      checkov: ["CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56", "CKV2_AWS_6"],
    },
    check(resource, { stack, report }) {
      const found =
        resource.type === accountBlock
          ? resource
          : stack.referrers(resource, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "bucket")[0];
      // The block of the account is stronger than that of a bucket; a public policy or ACL is a finding of its own.
      if (found === undefined) return;
      const isElsewhere = () =>
        isBlockedByAccount(stack) || hasPublicPolicy(resource, stack) || hasPublicAcl(resource, stack);
      if (resource.type !== accountBlock && isElsewhere()) return;
      const open = flags.filter((flag) => !isTrue(found.props[flag])); // the provider's default is false
      if (open.length > 0)
        report(
          resource,
          `must block public access in all four ways, got ${open.join(", ")} not true`,
          `set ${open.map((flag) => `${flag} to true`).join(" and ")}${found === resource ? "" : ` on ${found}`}`,
        );
    },
  },
  {
    scope: "stack",
    name: "bucket-tls",
    types: [T.bucket],
    description: "A bucket refuses requests without TLS.",
    rationale: "S3 also answers plain HTTP, over which a presigned link and the object can be read on the network.",
    fix: "add a bucket policy that denies s3:* where aws:SecureTransport is false",
    severity: "medium",
    level: "production",
    lowUnless: ["audited"],
    example: examples.refusedPlain,
    ids: { securityHub: ["S3.5"], cdkNag: ["AwsSolutions-S10"], checkov: ["CKV_AWS_379"] },
    check(bucket, { stack, report }) {
      const policies = stack.referrers(bucket, bucketPolicy, "bucket");
      const denied = policies.some((one) =>
        statements(one.props["policy"]).some(
          (it) => deniesPlain(it) && (it.actions.includes("s3:*") || it.actions.includes("*")),
        ),
      );
      if (denied || peek(() => statements(bucket.props["policy"]).some(deniesPlain)) === true) return;
      if (isWebsite(bucket, stack)) return; // the website endpoint of S3 has no TLS
      const got = policies.length === 0 ? "no bucket policy" : "no statement that denies them";
      report(bucket, `must refuse requests without TLS, got ${got}`);
    },
  },
  {
    scope: "stack",
    name: "bucket-versioned",
    types: [T.bucket],
    description: "A bucket keeps earlier versions of its objects, unless it is for data that expires.",
    rationale: "An object that is overwritten or deleted by mistake is lost otherwise.",
    fix: "add an aws.s3.BucketVersioning with status Enabled, and a lifecycle rule that expires earlier versions",
    severity: "medium",
    level: "production",
    lowUnless: ["audited"],
    ids: { securityHub: ["S3.14"], cdkNag: ["S3BucketVersioningEnabled"], checkov: ["CKV_AWS_21"] },
    check(bucket, { stack, report }) {
      // With forceDestroy the program says that the data may be lost; stateful-protected reports that in production.
      if (isTrue(bucket.props["forceDestroy"]) || hasExpiringObjects(bucket, stack)) return;
      if (isWebsite(bucket, stack)) return; // its files are deployed, so that they can be deployed again
      const found = stack.referrers(bucket, "aws:s3/bucketVersioning:BucketVersioning", "bucket");
      const inline = isTrue(at(bucket.props, "versioning.enabled"));
      const status = at(found[0]?.props, "versioningConfiguration.status");
      const fix = found[0] && `set versioningConfiguration.status to Enabled on ${found[0]}`;
      if (status !== "Enabled" && !inline)
        report(bucket, `must keep earlier versions of its objects, got versioning status ${show(status)}`, fix);
    },
  },
];

/** Whether a resource is a website's bucket, or its policy or ACL: its pages are for everyone. */
function isOfWebsite(resource: Resource, stack: Stack): boolean {
  const buckets = resource.type === T.bucket ? [resource] : stack.targets(resource, "bucket", T.bucket);
  return buckets.some((one) => isWebsite(one, stack));
}

function readsObjects({ actions, notActions }: Statement): boolean {
  return notActions.length === 0 && actions.every((one) => /^s3:GetObject(Version)?$/.test(one));
}

/** Whether an ARN is of objects below a path: `arn:aws:s3:::files/public/*`. */
function isPartOfBucket(arn: string): boolean {
  return /^arn:[\w-]+:s3:::[^/*]+\/[^*/][^*]*\/\*$/.test(arn);
}

function isWebsite(bucket: Resource, stack: Stack): boolean {
  const separate = stack.referrers(bucket, "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration", "bucket");
  return separate.length > 0 || peek(() => bucket.props["website"]) !== undefined;
}

/** Tells whether a lifecycle rule for the whole bucket deletes objects by their age: logs, results of queries. */
function hasExpiringObjects(bucket: Resource, stack: Stack): boolean {
  const separate = stack.referrers(
    bucket,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "bucket",
  );
  const rules = [...blocks(bucket.props["lifecycleRules"]), ...separate.flatMap((one) => blocks(one.props["rules"]))];
  return rules.some((rule) => {
    const filter = block(rule["filter"]);
    const whole = [rule["prefix"], filter["prefix"]].every((one) => text(one) === "") && filter["and"] === undefined;
    return whole && filter["tag"] === undefined && (number(block(rule["expiration"])["days"]) ?? 0) > 0;
  });
}

function isBlockedByAccount(stack: Stack): boolean {
  return stack.of(accountBlock).some((one) => flags.every((flag) => isTrue(one.props[flag])));
}

/**
 * Returns what an ACL gives to everyone, with or without an AWS account; undefined when it gives nothing.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
 */
function publicGrant({ props }: Resource): string | undefined {
  const canned = text(props["acl"]);
  if (["public-read", "public-read-write", "authenticated-read"].includes(canned)) return `acl ${show(canned)}`;
  const grants = [...blocks(props["grants"]), ...blocks(block(props["accessControlPolicy"])["grants"])];
  const groups = grants.map((one) => text(one["uri"] ?? block(one["grantee"])["uri"]));
  const group = groups.find((uri) => /\/groups\/global\/(AllUsers|AuthenticatedUsers)$/.test(uri));
  return group === undefined ? undefined : `a grant to ${show(group)}`;
}

function hasPublicAcl(bucket: Resource, stack: Stack): boolean {
  const all = [bucket, ...stack.referrers(bucket, bucketAcl, "bucket")];
  return all.some((one) => typeof peek(() => publicGrant(one)) === "string");
}

function hasPublicPolicy(bucket: Resource, stack: Stack): boolean {
  return stack
    .referrers(bucket, bucketPolicy, "bucket")
    .some((one) => peek(() => statements(one.props["policy"]).some(isPublic)) === true);
}

/**
 * Tells whether CloudFront writes its standard logs to a bucket, which needs ACLs.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html
 */
function receivesLogsOfCloudFront(bucket: Resource, stack: Stack): boolean {
  const name = peek(() => text(bucket.props["bucket"]));
  return stack.of(T.distribution).some((distribution) => {
    const target = peek(() => text(at(distribution.props, "loggingConfig.bucket")));
    if (target !== UNKNOWN && target !== "" && name !== UNKNOWN && name !== "") return target.startsWith(`${name}.`);
    return distribution.dependsOn("loggingConfig").includes(bucket.urn);
  });
}
