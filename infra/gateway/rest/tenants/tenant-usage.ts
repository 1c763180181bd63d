import type * as dynamodb from "@pulumi/aws/dynamodb";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionBackend } from "../../../contract/backend";
import type { RouteSpec } from "../../../contract/service";
import { createExpiringTable } from "../../../functions/expiring-table";
import { PlatformFunction, type PlatformFunctionArgs } from "../../../functions/platform-function";
import { allow, policyDocument } from "../../../security/iam";

/** Path of the route by which a tenant learns its limits and how much of its quota is used. */
export const USAGE_PATH = "/usage";

/** A request makes three calls of API Gateway at most, which takes ten a second of a whole account. */
const throttle = { rate: 3, burst: 6 } as const;

/** The route, which every token of a tenant opens, with scopes or without. */
export const usageRoute: RouteSpec = { id: "usage", method: "GET", path: USAGE_PATH, scopes: [], throttle };

/** The route of a REST API, and what answers it. */
export interface UsageRoute {
  readonly route: RouteSpec;
  readonly backend: FunctionBackend;
}

/** Arguments of `TenantUsage`. */
export interface TenantUsageArgs
  extends Pick<PlatformFunctionArgs, "account" | "artifact" | "logRetentionDays" | "alarmTopicArn"> {
  readonly region: string;
  /** What the names of the tenants' API keys begin with. */
  readonly environment: string;
  /** Origins whose pages may read the answers. */
  readonly corsOrigins: readonly string[];
  readonly protection: boolean;
}

/**
 * The function that tells a tenant how much of its quota is used, and a table of what it told: API Gateway says it by its
 * management API alone, which takes few calls, so that all execution environments of a region ask once a minute for a tenant. The
 * table has no replica: a quota counts in its region.
 */
export class TenantUsage extends pulumi.ComponentResource implements UsageRoute {
  readonly route = usageRoute;
  readonly backend: FunctionBackend;
  private readonly teller: PlatformFunction;

  constructor(
    private readonly name: string,
    private readonly args: TenantUsageArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("platform:gateway:TenantUsage", name, {}, opts);
    // A figure is worth nothing after a minute.
    const table = createExpiringTable(`${name}-table`, args.protection, { parent: this });
    this.teller = this.createFunction(table);
    const { functionArn, aliasArn, invokeArn } = this.teller;
    this.backend = { kind: "function", functionArn, aliasArn, invokeArn, streamingAliasArn: aliasArn };
    this.registerOutputs({ functionArn });
  }

  /** Makes the permission that lets one stage of the API ask. */
  permit(name: string, stageArn: pulumi.Input<string>): void {
    this.teller.permit(name, {
      awsService: "apigateway.amazonaws.com",
      sourceArn: pulumi.interpolate`${stageArn}/${usageRoute.method}${USAGE_PATH}`,
    });
  }

  /**
   * Makes the policy that lets the function read the keys and the use of the tiers' plans. A plan is made after the API that
   * names the function, so that the function cannot wait for this.
   */
  allowPlans(ids: readonly pulumi.Input<string>[]): void {
    const arns = ids.flatMap((id) =>
      ["keys", "usage"].map((each) => pulumi.interpolate`${this.plansArn}/${id}/${each}`),
    );
    new iam.RolePolicy(
      `${this.name}-plans-policy`,
      { role: this.teller.roleName, policy: policyDocument([allow(["apigateway:GET"], arns)]) },
      { parent: this },
    );
  }

  private get plansArn(): string {
    return `arn:aws:apigateway:${this.args.region}::/usageplans`;
  }

  private createFunction(table: dynamodb.Table): PlatformFunction {
    const { account, artifact, logRetentionDays, alarmTopicArn, environment, corsOrigins } = this.args;
    return new PlatformFunction(
      `${this.name}-function`,
      {
        ...{ account, artifact, logRetentionDays, alarmTopicArn },
        description: "Tells tenants how much of their quota is used",
        memory: 256,
        timeoutSeconds: 10,
        variables: {
          USAGE_TABLE: table.name,
          ENVIRONMENT: environment,
          ...(corsOrigins.length === 0 ? {} : { CORS_ORIGINS: corsOrigins.join(",") }),
        },
        statements: [
          allow(["dynamodb:GetItem", "dynamodb:UpdateItem"], table.arn),
          // The list of plans: what is in one is read by its own ARN.
          allow(["apigateway:GET"], this.plansArn),
        ],
      },
      { parent: this },
    );
  }
}
