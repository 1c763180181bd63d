import * as dynamodb from "@pulumi/aws/dynamodb";
import type { ComponentResourceOptions } from "@pulumi/pulumi";

/**
 * Makes a table in which a function of the platform keeps rows for a while: by the text `id`, each until the time in `removeAt`,
 * in seconds since the epoch.
 * @param protection  whether it is protected from deletion
 */
export function createExpiringTable(name: string, protection: boolean, opts: ComponentResourceOptions): dynamodb.Table {
  return new dynamodb.Table(
    name,
    {
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
      attributes: [{ name: "id", type: "S" }],
      ttl: { enabled: true, attributeName: "removeAt" },
      serverSideEncryption: { enabled: true },
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: protection,
    },
    { ...opts, protect: protection },
  );
}
