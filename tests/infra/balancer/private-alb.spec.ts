import assert from "node:assert/strict";
import { capture } from "../../../graph/capture/capture";
import { PrivateAlb } from "../../../infra/balancer/private-alb";
import { account, network, region, ServicePlan, subnets } from "../compute/fixture";

async function plan(protection: boolean): Promise<ServicePlan> {
  const graph = await capture(() => {
    const args = { network, account, region, logRetentionDays: 30, protection };
    return { ...new PrivateAlb("eu-west-1-balancer", args).outputs };
  });
  return new ServicePlan(graph);
}

const bucketType = (type: string) => `aws:s3/bucket${type}:Bucket${type}`;

describe("PrivateAlb", () => {
  let kept: ServicePlan;
  before(async () => {
    kept = await plan(true);
  });

  it("is internal, in every zone, strict about headers, and can be shifted out of a zone", () => {
    const { accessLogs, securityGroups, ...inputs } = kept.inputs("aws:lb/loadBalancer:LoadBalancer");
    assert.deepEqual(inputs, {
      loadBalancerType: "application",
      internal: true,
      ipAddressType: "ipv4",
      subnets,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "defensive",
      idleTimeout: 60,
      enableCrossZoneLoadBalancing: true,
      enableZonalShift: true,
      enableDeletionProtection: true,
    });
    assert.deepEqual(securityGroups, [kept.graph.outputs["securityGroupId"]]);
    assert.deepEqual(accessLogs, {
      enabled: true,
      bucket: kept.index.one("aws:s3/bucket:Bucket", {}).outputs["bucket"],
      prefix: "balancer",
    });
  });

  it("has a group that admits nobody until a gateway adds itself", () => {
    assert.equal(kept.index.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").length, 0);
  });

  it("lets the log service of its own account write below its prefix, once the policy is there", () => {
    const { Statement } = JSON.parse(kept.inputs(bucketType("Policy"))["policy"]);
    const bucket = kept.index.one("aws:s3/bucket:Bucket", {}).outputs["arn"];
    assert.deepEqual(Statement[1], {
      Sid: "BalancerLogs",
      Effect: "Allow",
      Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      Action: ["s3:PutObject"],
      Resource: `${bucket}/balancer/AWSLogs/${account}/*`,
      Condition: {
        StringEquals: { "aws:SourceAccount": account },
        ArnLike: { "aws:SourceArn": `arn:aws:elasticloadbalancing:${region}:${account}:loadbalancer/*` },
      },
    });
    const policy = kept.index.one(bucketType("Policy"), {}).urn;
    assert.ok(kept.index.one("aws:lb/loadBalancer:LoadBalancer", {}).dependencies.includes(policy));
  });

  it("goes away with everything it logged where nothing is protected", async () => {
    const loose = await plan(false);
    assert.equal(loose.inputs("aws:lb/loadBalancer:LoadBalancer")["enableDeletionProtection"], false);
    assert.equal(loose.inputs("aws:s3/bucket:Bucket")["forceDestroy"], true);
    assert.equal(kept.inputs("aws:s3/bucket:Bucket")["forceDestroy"], false);
  });
});

describe("PrivateBucket", () => {
  let made: ServicePlan;
  before(async () => {
    made = await plan(true);
  });

  it("blocks every public way in, and lets the owner own everything", () => {
    const { bucket, ...blocks } = made.inputs(bucketType("PublicAccessBlock"));
    assert.ok(bucket);
    assert.deepEqual(blocks, {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    assert.deepEqual(made.inputs(bucketType("OwnershipControls"))["rule"], { objectOwnership: "BucketOwnerEnforced" });
  });

  it("refuses everything without TLS, for everybody", () => {
    const { Statement } = JSON.parse(made.inputs(bucketType("Policy"))["policy"]);
    const arn = made.index.one("aws:s3/bucket:Bucket", {}).outputs["arn"];
    assert.deepEqual(Statement[0], {
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [arn, `${arn}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
  });

  it("is versioned and encrypted, and forgets on time", () => {
    assert.equal(made.inputs(bucketType("Versioning"))["versioningConfiguration"].status, "Enabled");
    assert.deepEqual(made.inputs(bucketType("ServerSideEncryptionConfiguration"))["rules"], [
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
    ]);
    const [rule] = made.inputs(bucketType("LifecycleConfiguration"))["rules"];
    assert.deepEqual(rule.expiration, { days: 30 });
    assert.deepEqual(rule.noncurrentVersionExpiration, { noncurrentDays: 1 });
  });
});
