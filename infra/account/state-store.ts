import * as kms from "@pulumi/aws/kms";
import * as pulumi from "@pulumi/pulumi";
import { accountIdOf } from "../security/iam";
import { PrivateBucket } from "../security/private-bucket";
import { keyPolicy } from "../security/resource-policy";

/** Fixed, so that `secretsProvider` in a stack's file stays valid when the key is replaced. */
const KEY_ALIAS = "alias/platform-state";

/** Arguments of `StateStore`. */
export interface StateStoreArgs {
  readonly region: string;
  /** Days during which no version of state can be deleted. */
  readonly retentionDays: number;
  /** ARN of the deploy role, which may use the key. */
  readonly deployRoleArn: pulumi.Input<string>;
}

/**
 * Pulumi's state backend: a bucket whose versions cannot be deleted for a time, and the key that encrypts the secrets
 * in the state. The engine locks a stack with a file in the bucket, so no table of locks is needed. The component and
 * its children are protected.
 */
export class StateStore extends pulumi.ComponentResource {
  readonly bucketArn: pulumi.Output<string>;
  readonly keyArn: pulumi.Output<string>;
  /** URL that `pulumi login` takes. @see https://pkg.go.dev/gocloud.dev/aws#V2ConfigFromURLParams */
  readonly stateBackend: pulumi.Output<string>;
  /** URL that `pulumi stack init --secrets-provider` takes. */
  readonly secretsProvider: pulumi.Output<string>;

  constructor(name: string, args: StateStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:account:StateStore", name, {}, { ...opts, protect: true });
    const key = this.createKey(name, args);
    const alias = new kms.Alias(`${name}-alias`, { name: KEY_ALIAS, targetKeyId: key.keyId }, { parent: this });
    const bucket = this.createBucket(name, args, key);
    this.bucketArn = bucket.arn;
    this.keyArn = key.arn;
    this.stateBackend = pulumi.interpolate`s3://${bucket.name}?region=${args.region}&awssdk=v2`;
    this.secretsProvider = pulumi.interpolate`awskms://${alias.name}?region=${args.region}`;
    this.registerOutputs({ backend: this.stateBackend, secretsProvider: this.secretsProvider });
  }

  private createKey(name: string, args: StateStoreArgs): kms.Key {
    const { deployRoleArn } = args;
    return new kms.Key(
      `${name}-key`,
      {
        description: "Encrypts the state of stacks and the secrets in it",
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        policy: keyPolicy(accountIdOf(deployRoleArn), [
          { Sid: "Deployment", Effect: "Allow", Principal: { AWS: deployRoleArn }, Action: keyUseActions },
        ]),
      },
      { parent: this },
    );
  }

  private createBucket(name: string, args: StateStoreArgs, key: kms.Key): PrivateBucket {
    const { retentionDays } = args;
    return new PrivateBucket(
      `${name}-files`,
      // A version expires so many days after it was superseded, not after its creation: by then its lock has ended.
      { keepOldVersionsDays: retentionDays, lockDays: retentionDays, kmsKeyArn: key.arn, protection: true },
      { parent: this },
    );
  }
}

/** KMS actions that reading and writing state needs; uploads in parts need Decrypt too. */
export const keyUseActions = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"] as const;
