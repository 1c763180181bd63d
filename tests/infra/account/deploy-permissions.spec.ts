import assert from "node:assert/strict";
import type { GraphIndex, PlannedResource } from "../../../graph/model";
import { type AwsServicePermissions, awsServicePermissions } from "../../../infra/account/deploy-services";
import { attachedPolicies, deployPolicies, linkedAwsServices } from "../../../infra/account/deploy-statements";
import { passableAwsServices } from "../../../infra/account/limits";
import { boundaryStatements } from "../../../infra/account/role-boundary";
import {
  environments,
  planned,
  plannedWithTenants,
  replanned,
  withExperiments,
  withSignIn,
} from "../../conformance/plans";
import { allows } from "./allows";
import { deployStatements, planAccount } from "./fixture";

const rows = Object.values(awsServicePermissions).flat();
const rowsFor = (type: string): AwsServicePermissions[] =>
  rows.filter(({ types }) => types.some((one) => type.startsWith(one)));
/** Types of IAM, whose statements are apart. */
const roleTypes = ["role:Role", "rolePolicy:RolePolicy", "rolePolicyAttachment:RolePolicyAttachment"]
  .concat("instanceProfile:InstanceProfile")
  .map((name) => `aws:iam/${name}`);

/** Adds every resource that the examples do without. */
function withMore(config: any): void {
  withSignIn(config);
  withExperiments(config);
}

/** Everything AWS holds for the environments of this project. */
async function planOfAll(): Promise<PlannedResource[]> {
  const plans = await Promise.all(environments.map(planned));
  plans.push(await plannedWithTenants("prod"), await replanned("prod", withMore));
  return plans.flatMap(({ graph }) => graph.resources).filter(({ type }) => /^awsx?:/.test(type));
}

const boundaryArn = "arn:aws:iam::123456789012:policy/platform-boundary";
const inRegion = { "aws:requestedregion": "eu-west-1" };

describe("what the deploy role may do", function () {
  this.timeout(60_000);
  let account: GraphIndex;
  let statements: any[];
  let resources: PlannedResource[];
  before(async () => {
    account = await planAccount();
    statements = deployStatements(account);
    resources = await planOfAll();
  });
  const may = (action: string, resource = "*", context: Record<string, string> = inRegion) =>
    allows(statements, action, resource, context);

  it("covers the service of every type in the plans of dev and prod", () => {
    const types = [...new Set(resources.map(({ type }) => type))];
    assert.ok(types.length > 70);
    assert.deepEqual(
      types.filter((type) => rowsFor(type).length === 0 && !roleTypes.includes(type)),
      [],
    );
  });

  it("covers nothing that no plan has", () => {
    const idle = rows
      .flatMap(({ types }) => types)
      .filter((type) => !resources.some((one) => one.type.startsWith(type)));
    assert.deepEqual(idle, []);
  });

  it("names every ARN of the plans where a service is bound to names", () => {
    let checked = 0;
    for (const { type, name, outputs } of resources) {
      const arn = outputs["arn"];
      const service = String(arn).split(":")[2];
      const bound = rowsFor(type).filter((row) => row.prefix === service && row.resources !== undefined);
      if (arn === undefined || bound.length === 0) continue;
      const [prefix] = bound[0]!.actions;
      const action = `${service}:${prefix!.replaceAll("*", "Create")}`;
      assert.ok(may(action, arn), `${action} on ${type} ${name}: ${arn}`);
      checked += 1;
    }
    assert.ok(checked > 60, String(checked));
  });

  it("ends at the configured regions, but for what has none, and what is CloudFront's", () => {
    for (const { prefix: service, actions, global } of rows) {
      // In us-east-1 the same services as in the configured regions, and no other.
      if (global && rows.some((each) => each.prefix === service && !each.global)) continue;
      const action = `${service}:${actions[0]!.replaceAll("*", "X")}`;
      const held = statements.filter(
        ({ Action, Condition }) =>
          Action?.includes(`${service}:${actions[0]}`) &&
          Condition?.StringEquals?.["aws:RequestedRegion"]?.includes("eu-west-1"),
      );
      assert.equal(held.length, global ? 0 : 1, action);
    }
    assert.deepEqual(
      rows.filter(({ global }) => global).map(({ prefix: service }) => service),
      ["acm", "route53", "cloudfront", "logs", "wafv2", "sns", "kms", "cloudwatch"],
    );
    const cloudFronts = { "aws:requestedregion": "us-east-1" };
    assert.ok(may("logs:PutDeliverySource", "*", cloudFronts) && may("kms:CreateKey", "*", cloudFronts));
    assert.ok(may("sns:CreateTopic", "arn:aws:sns:us-east-1:123456789012:eu-west-1-web-alarms-topic-1", cloudFronts));
    assert.ok(!may("sns:CreateTopic", "arn:aws:sns:us-east-1:123456789012:other", cloudFronts));
    const acl = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/eu-west-1-web-waf-acl-1/id";
    assert.ok(may("wafv2:CreateWebACL", acl, cloudFronts) && may("wafv2:PutLoggingConfiguration", acl, cloudFronts));
    assert.ok(!may("wafv2:CreateWebACL", acl, { "aws:requestedregion": "us-west-2" }));
    assert.ok(may("acm:RequestCertificate", "*", { "aws:requestedregion": "us-east-1" }));
    assert.ok(!may("acm:RequestCertificate", "*", { "aws:requestedregion": "us-west-2" }));
    assert.ok(may("ec2:CreateVpc"));
    assert.ok(!may("ec2:CreateVpc", "*", { "aws:requestedregion": "us-east-1" }));
    assert.ok(!may("ec2:CreateVpc", "*", {}));
    assert.ok(may("route53:CreateHostedZone", "*", { "aws:requestedregion": "us-east-1" }));
  });

  it("is no whole service, no identities, no organisation, and nobody's secrets", () => {
    for (const action of statements.flatMap(({ Effect, Action }) => (Effect === "Allow" ? Action : [])))
      assert.match(action, /^[a-z0-9-]+:\*?[A-Za-z]+\*?[A-Za-z]*\*?$/);
    for (const action of [
      ...[
        "iam:CreateUser",
        "iam:CreateAccessKey",
        "iam:CreatePolicyVersion",
        "iam:UpdateOpenIDConnectProviderThumbprint",
      ],
      ...["organizations:LeaveOrganization", "account:PutContactInformation", "sts:AssumeRole"],
      ...["secretsmanager:GetSecretValue", "kms:Decrypt", "kms:CreateGrant", "cognito-idp:AdminCreateUser"],
      ...["ec2:PurchaseReservedInstancesOffering", "logs:GetLogEvents", "lambda:CreateEventSourceMapping"],
    ]) {
      assert.ok(!may(action), action);
    }
  });

  describe("on state", () => {
    const key = "arn:aws:kms:eu-west-1:123456789012:key/";
    let bucket: string;
    let file: string;
    let stateKey: string;
    before(() => {
      bucket = account.one("aws:s3/bucket:Bucket", {}).outputs["arn"];
      stateKey = account.one("aws:kms/key:Key", {}).outputs["arn"];
      file = `${bucket}/.pulumi/stacks/platform/prod.json`;
    });

    it("is reading, writing and locking it, and using its key", () => {
      assert.ok(may("s3:ListBucket", bucket));
      for (const action of ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]) {
        assert.ok(may(action, file), action);
        assert.ok(may(action, `${bucket}/.pulumi/locks/organization/platform/prod/1.json`), action);
      }
      for (const action of ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"])
        assert.ok(may(action, stateKey), action);
    });

    it("is not deleting a version, or shortening its lock, whatever else the role is given", () => {
      const all = [...statements, { Effect: "Allow", Action: ["s3:*", "kms:*"], Resource: "*" }];
      for (const action of [
        ...["s3:DeleteObjectVersion", "s3:BypassGovernanceRetention", "s3:PutObjectRetention", "s3:PutObjectLegalHold"],
        ...["s3:RestoreObject", "s3:PutObjectTagging"],
      ]) {
        assert.ok(!allows(all, action, file, inRegion), action);
      }
      for (const action of [
        ...["s3:DeleteBucket", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy", "s3:PutBucketObjectLockConfiguration"],
        ...["s3:PutLifecycleConfiguration", "s3:PutBucketVersioning", "s3:PutEncryptionConfiguration"],
      ]) {
        assert.ok(!allows(all, action, bucket, inRegion), action);
      }
      for (const action of ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:CreateGrant"])
        assert.ok(!allows(all, action, stateKey, inRegion), action);
      assert.ok(may("kms:ScheduleKeyDeletion", `${key}another`));
    });

    it("is not writing the account's own, which an administrator deploys from", () => {
      const own = ["stacks/platform-account/account.json", "locks/organization/platform-account/account/1.json"];
      for (const path of own) {
        assert.ok(may("s3:GetObject", `${bucket}/.pulumi/${path}`));
        for (const action of ["s3:PutObject", "s3:DeleteObject"])
          assert.ok(!may(action, `${bucket}/.pulumi/${path}`), path);
      }
    });
  });

  describe("with roles", () => {
    const role = "arn:aws:iam::123456789012:role/eu-west-1-food-store-role-1234567";
    const bounded = { "iam:permissionsboundary": boundaryArn };
    const writes = ["CreateRole", "PutRolePolicy", "PutRolePermissionsBoundary", "UpdateAssumeRolePolicy"];

    it("is making and changing those of the program, with the account's boundary only", () => {
      for (const action of writes) {
        assert.ok(may(`iam:${action}`, role, bounded), action);
        assert.ok(!may(`iam:${action}`, role, {}), action);
        const other = { "iam:permissionsboundary": "arn:aws:iam::aws:policy/AdministratorAccess" };
        assert.ok(!may(`iam:${action}`, role, other), action);
      }
      assert.ok(!may("iam:DeleteRolePermissionsBoundary", role, bounded));
    });

    it("reaches every role and instance profile of the plans", () => {
      for (const { outputs } of resources.filter(({ type }) => type === "aws:iam/role:Role"))
        assert.ok(may("iam:CreateRole", outputs["arn"], bounded), outputs["arn"]);
      for (const { outputs } of resources.filter(({ type }) => type === "aws:iam/instanceProfile:InstanceProfile"))
        assert.ok(may("iam:CreateInstanceProfile", outputs["arn"], {}), outputs["arn"]);
    });

    it("does not reach itself, the boundary, the issuer, and whatever else the account's stack made", () => {
      const made = account.graph.resources.filter(
        ({ type }) => type.startsWith("aws:iam/") && !/Attachment/.test(type),
      );
      assert.equal(made.length, 2 + 1 + 1 + 1 + 8);
      for (const { outputs } of made) {
        for (const action of [
          ...writes,
          "DeleteRole",
          "TagRole",
          "AttachRolePolicy",
          "CreatePolicyVersion",
          "DeletePolicy",
        ])
          assert.ok(!may(`iam:${action}`, outputs["arn"], bounded), `${action} on ${outputs["arn"]}`);
        for (const action of ["UpdateOpenIDConnectProviderThumbprint", "AddClientIDToOpenIDConnectProvider"])
          assert.ok(!may(`iam:${action}`, outputs["arn"], {}), action);
        assert.ok(!may("iam:PassRole", outputs["arn"], { "iam:passedtoservice": "lambda.amazonaws.com" }));
      }
      for (const action of ["PATCH", "GET"])
        assert.ok(!may(`apigateway:${action}`, "arn:aws:apigateway:eu-west-1::/account"), action);
    });

    it("hands them to the services that the plans' roles trust, and to no other", () => {
      const trusted = resources
        .filter(({ type }) => type === "aws:iam/role:Role")
        .flatMap(({ inputs }) => JSON.parse(inputs["assumeRolePolicy"]).Statement)
        .map(({ Principal }) => Principal.Service);
      assert.deepEqual([...new Set(trusted)].sort(), [...passableAwsServices]);
      assert.ok(may("iam:PassRole", role, { "iam:passedtoservice": "lambda.amazonaws.com" }));
      assert.ok(!may("iam:PassRole", role, { "iam:passedtoservice": "glue.amazonaws.com" }));
      assert.ok(
        !may("iam:PassRole", "arn:aws:iam::123456789012:role/admin", { "iam:passedtoservice": "lambda.amazonaws.com" }),
      );
    });

    it("attaches AWS's policies that the plans attach, and no other", () => {
      const attached = resources.flatMap(({ type, inputs }) => (/Attachment$/.test(type) ? inputs["policyArn"] : []));
      assert.deepEqual([...new Set(attached)].sort(), [...attachedPolicies]);
      for (const arn of attachedPolicies)
        assert.ok(may("iam:AttachRolePolicy", role, { ...bounded, "iam:policyarn": arn }));
      assert.ok(!may("iam:AttachRolePolicy", role, { "iam:policyarn": attachedPolicies[0] }), "without the boundary");
      const administrator = { ...bounded, "iam:policyarn": "arn:aws:iam::aws:policy/AdministratorAccess" };
      assert.ok(!may("iam:AttachRolePolicy", role, administrator));
    });

    it("lets services make their own roles, those that scale for the plans among them", () => {
      const scaled = resources
        .filter(({ type }) => type === "aws:appautoscaling/target:Target")
        .map(({ inputs }) => `${inputs["serviceNamespace"]}.application-autoscaling.amazonaws.com`);
      assert.equal(new Set(scaled).size, 2);
      for (const service of [...scaled, ...linkedAwsServices]) {
        const linked = `arn:aws:iam::123456789012:role/aws-service-role/${service}/AWSServiceRoleForIt`;
        assert.ok(may("iam:CreateServiceLinkedRole", linked, { "iam:awsservicename": service }), service);
      }
      assert.ok(!may("iam:CreateServiceLinkedRole", role, { "iam:awsservicename": "ecs.amazonaws.com" }));
    });
  });

  it("fits IAM's limits in four of the longest regions", () => {
    const regions = ["ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "ap-northeast-2"];
    const arn = `arn:aws:s3:::${"b".repeat(63)}`;
    const stateKeyArn = `arn:aws:kms:ap-southeast-1:123456789012:key/${"0".repeat(36)}`;
    const scope = { account: "123456789012", regions, stateBucketArn: arn, stateKeyArn, boundaryArn };
    const policies = [...Object.values(deployPolicies(scope)), boundaryStatements(scope)];
    const lengths = policies.map((Statement) => JSON.stringify({ Version: "2012-10-17", Statement }).length);
    assert.ok(lengths.length - 1 <= 10);
    assert.ok(Math.max(...lengths) <= 6144, String(lengths));
  });
});
