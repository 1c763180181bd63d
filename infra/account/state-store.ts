import * as kms from "@pulumi/aws/kms";
import * as pulumi from "@pulumi/pulumi";
import { accountOf } from "../security/iam";
import { PrivateBucket } from "../security/private-bucket";

/** Fixed, so that `secretsProvider` in a stack's file survives another key. */
const KEY_ALIAS = "alias/platform-state";

export interface StateStoreArgs {
  readonly region: string;
  /** Days that no version of state can be deleted. */
  readonly retentionDays: number;
  /** Role that deploys: may use the key. */
  readonly deployRoleArn: pulumi.Input<string>;
}

/**
 * Where stacks keep their state: a bucket whose versions cannot be deleted for a while, and the key of their secrets.
 * The engine locks a stack by a file in the bucket, so that no table of locks is needed. Protected, with all below.
 */
export class StateStore extends pulumi.ComponentResource {
  readonly bucketArn: pulumi.Output<string>;
  readonly keyArn: pulumi.Output<string>;
  /** What `pulumi login` takes. @see https://pkg.go.dev/gocloud.dev/aws#V2ConfigFromURLParams */
  readonly backend: pulumi.Output<string>;
  /** What `pulumi stack init --secrets-provider` takes. */
  readonly secretsProvider: pulumi.Output<string>;

  constructor(
    private readonly name: string,
    private readonly args: StateStoreArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("platform:account:StateStore", name, {}, { ...opts, protect: true });
    const key = this.createKey();
    const alias = new kms.Alias(`${name}-alias`, { name: KEY_ALIAS, targetKeyId: key.keyId }, { parent: this });
    const bucket = this.createBucket(key);
    this.bucketArn = bucket.arn;
    this.keyArn = key.arn;
    this.backend = pulumi.interpolate`s3://${bucket.name}?region=${args.region}&awssdk=v2`;
    this.secretsProvider = pulumi.interpolate`awskms://${alias.name}?region=${args.region}`;
    this.registerOutputs({ backend: this.backend, secretsProvider: this.secretsProvider });
  }

  private createKey(): kms.Key {
    const { deployRoleArn } = this.args;
    return new kms.Key(
      `${this.name}-key`,
      {
        description: "Encrypts the state of stacks and the secrets in it",
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [
            {
              Sid: "Administration",
              Effect: "Allow",
              Principal: { AWS: pulumi.interpolate`arn:aws:iam::${accountOf(deployRoleArn)}:root` },
              Action: "kms:*",
              Resource: "*",
            },
            {
              Sid: "Deployment",
              Effect: "Allow",
              Principal: { AWS: deployRoleArn },
              Action: keyUse,
              Resource: "*",
            },
          ],
        }),
      },
      { parent: this },
    );
  }

  private createBucket(key: kms.Key): PrivateBucket {
    const { retentionDays } = this.args;
    return new PrivateBucket(
      `${this.name}-files`,
      // A version is superseded after it was made, so that its lock has ended when it expires.
      { keepOldVersionsDays: retentionDays, lockDays: retentionDays, kmsKeyArn: key.arn, protection: true },
      { parent: this },
    );
  }
}

/** What encrypting and decrypting state takes; Decrypt also for uploads in parts. */
export const keyUse = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"] as const;
