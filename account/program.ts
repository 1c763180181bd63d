import type * as pulumi from "@pulumi/pulumi";
import { AccountLogging } from "../infra/account/account-logging";
import { DeployPermissions } from "../infra/account/deploy-permissions";
import { DeployRole } from "../infra/account/deploy-role";
import { RoleBoundary } from "../infra/account/role-boundary";
import { StateStore } from "../infra/account/state-store";
import { RegionCell } from "../infra/region/region-cell";
import { accountIdOf } from "../infra/security/iam";
import type { AccountConfig } from "./config";

/** Stack outputs of the account: what environments and CI need to know about it. */
export interface AccountOutputs {
  /** URL of the state backend, for `pulumi login`. */
  readonly backend: pulumi.Output<string>;
  /** URL of the key of secrets, for `pulumi stack init --secrets-provider`. */
  readonly secretsProvider: pulumi.Output<string>;
  /** Role that CI assumes. */
  readonly deployRoleArn: pulumi.Output<string>;
  /** ARN of the boundary, for `platform:roles` in the configuration of each environment that the role deploys. */
  readonly permissionsBoundary: pulumi.Output<string>;
}

/** Makes the resources of the account: state, deploy role and boundary in the first region, logging in each. */
export function deployAccount({ regions, state, deploy }: AccountConfig): AccountOutputs {
  const cells = regions.map((region) => createCell(region));
  for (const [i, region] of regions.entries()) {
    new AccountLogging(`${nameOf(region)}-logging`, { parent: cells[i]! });
  }
  const [primary] = regions as [string];
  const [name, parent] = [nameOf(primary), cells[0]!];
  const role = new DeployRole(`${name}-deploy`, deploy, { parent });
  const account = accountIdOf(role.arn);
  const { retentionDays } = state;
  const store = new StateStore(
    `${name}-state`,
    { region: primary, retentionDays, deployRoleArn: role.arn },
    { parent },
  );
  const boundary = new RoleBoundary(`${name}-boundary`, { account, regions }, { parent });
  new DeployPermissions(
    `${name}-permissions`,
    {
      roleName: role.name,
      account,
      regions,
      stateBucketArn: store.bucketArn,
      stateKeyArn: store.keyArn,
      boundaryArn: boundary.arn,
    },
    { parent },
  );
  const { stateBackend: backend, secretsProvider } = store;
  return { backend, secretsProvider, deployRoleArn: role.arn, permissionsBoundary: boundary.arn };
}

/**
 * Returns a name that no environment has, so that the deploy role, limited to those names, cannot change the account.
 */
const nameOf = (region: string) => `account-${region}`;

function createCell(region: string): RegionCell {
  return new RegionCell(nameOf(region), { region, environment: "account" });
}
