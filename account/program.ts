import type * as pulumi from "@pulumi/pulumi";
import { AccountLogging } from "../infra/account/account-logging";
import { DeployPermissions } from "../infra/account/deploy-permissions";
import { DeployRole } from "../infra/account/deploy-role";
import { RoleBoundary } from "../infra/account/role-boundary";
import { StateStore } from "../infra/account/state-store";
import { RegionCell } from "../infra/region/region-cell";
import { accountOf } from "../infra/security/iam";
import type { AccountConfig } from "./config";

/** What environments and CI need to know of their account. */
export interface AccountOutputs {
  /** For `pulumi login`. */
  readonly backend: pulumi.Output<string>;
  /** For `pulumi stack init --secrets-provider`. */
  readonly secretsProvider: pulumi.Output<string>;
  /** For CI to become. */
  readonly deployRoleArn: pulumi.Output<string>;
  /** For `platform:roles` of each environment that the role deploys. */
  readonly permissionsBoundary: pulumi.Output<string>;
}

/** State, role and boundary in the first region; logging in each. */
export function deployAccount({ regions, state, deploy }: AccountConfig): AccountOutputs {
  const cells = regions.map((region) => createCell(region));
  for (const [i, region] of regions.entries()) {
    new AccountLogging(`${nameOf(region)}-logging`, { parent: cells[i]! });
  }
  const [primary] = regions as [string];
  const [name, parent] = [nameOf(primary), cells[0]!];
  const role = new DeployRole(`${name}-deploy`, deploy, { parent });
  const account = accountOf(role.arn);
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
  const { backend, secretsProvider } = store;
  return { backend, secretsProvider, deployRoleArn: role.arn, permissionsBoundary: boundary.arn };
}

/** Unlike an environment's names, so that the deploy role, which is bound to those, cannot change what is here. */
const nameOf = (region: string) => `account-${region}`;

function createCell(region: string): RegionCell {
  return new RegionCell(nameOf(region), { region, environment: "account" });
}
