import * as pulumi from "@pulumi/pulumi";
import type { MoreTableOutputs } from "../contract/layer-outputs";
import type { NeedsSpec } from "../contract/service";
import { secretName } from "../naming/secret-name";
import { allow, itemStatements, type Statement } from "../security/iam";
import { PrivateBucket } from "../security/private-bucket";

/** What one service gets in a region for its needs, in addition to what every service has; the same for every pattern. */
export interface ServiceGrants {
  /** Environment variables, by name. They must not contain secrets. */
  readonly variables: Readonly<Record<string, pulumi.Input<string>>>;
  /** Statements of the role that the service's code runs as. */
  readonly statements: readonly Statement[];
  /** ARNs of the parameters that have its secrets, by the environment variable that its code reads. */
  readonly secrets: Readonly<Record<string, pulumi.Output<string>>>;
  /** Whether its code calls hosts outside AWS, or the tables of another region. */
  readonly callsOut: boolean;
  /** Whether its code calls other services, at an address that only the VPC knows. @default false */
  readonly callsServices?: boolean;
  /** Its bucket. @default unset, without one */
  readonly bucket?: { readonly name: pulumi.Output<string>; readonly arn: pulumi.Output<string> };
  /** Environment variables of its function alone, by name. @default none */
  readonly functionVariables?: Readonly<Record<string, pulumi.Input<string>>>;
}

/** A service without needs. */
const nothing: ServiceGrants = { variables: {}, statements: [], secrets: {}, callsOut: false };

/** Most days that a replaced or deleted version of an object is kept, so that it can be restored. */
const maxOldVersionDays = 30;

/** Arguments of `createGrants`. */
export interface GrantsArgs {
  readonly environment: string;
  readonly region: string;
  readonly account: pulumi.Input<string>;
  readonly service: string;
  readonly needs: Pick<NeedsSpec, "bucket" | "variables" | "secrets" | "egress">;
  /** Tables that it needs in addition to its own, by name. @default none */
  readonly tables?: Readonly<Record<string, MoreTableOutputs>> | undefined;
  /** Whether it calls other services. @default false */
  readonly calls?: boolean;
  /** Whether what cannot be rebuilt is protected from deletion. */
  readonly protection: boolean;
}

/**
 * Makes what a service needs and keeps when its pattern changes, and returns what its code gets for it.
 * @param name  `<region>-<service>`
 */
export function createGrants(name: string, args: GrantsArgs, opts: pulumi.ComponentResourceOptions): ServiceGrants {
  const { needs, tables = {} } = args;
  const elsewhere = Object.values(tables).some(({ home }) => home !== undefined && home.region !== args.region);
  const { bucket, variables, egress } = needs;
  const kept = bucket === undefined ? nothing : bucketGrants(name, bucket, args.protection, opts);
  return {
    ...kept,
    variables: { ...kept.variables, ...tableVariables(tables), ...variables },
    statements: [...kept.statements, ...tableStatements(tables, args.region)],
    secrets: secretParameters(args),
    // The VPC's endpoint leads to the tables of its own region only.
    callsOut: egress.length > 0 || elsewhere,
    ...(args.calls ? { callsServices: true } : {}),
  };
}

/** What the code of the kit does to a table of items by key. */
const itemActions = ["dynamodb:GetItem", "dynamodb:PutItem"];
/** What the library of idempotency keys does: a refused claim returns the key's item, so that it reads none. */
const claimActions = ["dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"];

/** Returns the statements on a service's tables: in its own region, and in the home region of those that have one. */
function tableStatements(tables: Readonly<Record<string, MoreTableOutputs>>, region: string): readonly Statement[] {
  return Object.entries(tables).flatMap(([name, { home, ...own }]) => {
    const actions = name === "idempotency-keys" ? claimActions : itemActions;
    const inHome = home === undefined || home.region === region ? [] : [home];
    return [own, ...inHome].flatMap((table) => itemStatements(table, actions));
  });
}

/** Returns the variables that name a service's tables, and their home regions. @example { TABLE_PRICE_CACHE: "eu-west-1-data-shop-price-cache-1a2b3c4" } */
function tableVariables(tables: Readonly<Record<string, MoreTableOutputs>>) {
  return Object.fromEntries(
    Object.entries(tables).flatMap(([table, { name, home }]) => {
      const variable = `TABLE_${table.replaceAll("-", "_").toUpperCase()}`;
      return [[variable, name], ...(home === undefined ? [] : [[`${variable}_HOME`, home.region]])];
    }),
  );
}

/**
 * Returns the ARN of each secret's parameter in the Parameter Store of Systems Manager. The program makes none of them:
 * its state would have the value, and a service could start before it has one. People write them, see docs/needs.md.
 */
function secretParameters({ environment, region, account, service, needs }: GrantsArgs): ServiceGrants["secrets"] {
  const arnOf = (secret: string) =>
    pulumi.interpolate`arn:aws:ssm:${region}:${account}:parameter${secretName({ environment, service, secret })}`;
  return Object.fromEntries(needs.secrets.map((secret) => [secret, arnOf(secret)]));
}

/**
 * Returns the statements that let a role read the secrets of a service. AWS's own key of the Parameter Store encrypts
 * them, which a role that may read the parameter may use.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html
 */
export function secretStatements(grants: Pick<ServiceGrants, "secrets"> | undefined): readonly Statement[] {
  const arns = Object.values(grants?.secrets ?? {});
  return arns.length === 0 ? [] : [allow(["ssm:GetParameter", "ssm:GetParameters"], arns)];
}

/**
 * Returns the variables that name the parameter of each secret, for code that reads them itself when it starts.
 * @example { CARRIER_KEY_PARAMETER: "/platform/prod/shipping/CARRIER_KEY" }
 */
export function parameterVariables(grants: Pick<ServiceGrants, "secrets"> | undefined) {
  return Object.fromEntries(
    Object.entries(grants?.secrets ?? {}).map(([name, arn]) => [
      `${name}_PARAMETER`,
      arn.apply((text) => text.slice(text.indexOf(":parameter/") + ":parameter".length)),
    ]),
  );
}

/**
 * Makes the bucket of a service. Old versions are kept no longer than the objects themselves. The role may list the
 * bucket, as S3 otherwise answers 403 and not 404 for an object that is not there.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
function bucketGrants(
  name: string,
  { expireAfterDays }: NonNullable<NeedsSpec["bucket"]>,
  protection: boolean,
  opts: pulumi.ComponentResourceOptions,
): ServiceGrants {
  const bucket = new PrivateBucket(
    `${name}-objects`,
    {
      expireDays: expireAfterDays,
      keepOldVersionsDays: Math.min(expireAfterDays, maxOldVersionDays),
      protection,
      protect: protection,
    },
    opts,
  );
  return {
    ...nothing,
    bucket,
    variables: { BUCKET: bucket.name },
    statements: [
      allow(["s3:ListBucket"], bucket.arn),
      allow(["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], pulumi.interpolate`${bucket.arn}/*`),
    ],
  };
}
