import * as secretsmanager from "@pulumi/aws/secretsmanager";
import * as pulumi from "@pulumi/pulumi";
import type { AdmittedIssuers } from "../../../contract/issuer";
import { PlatformFunction, type PlatformFunctionArgs } from "../../../functions/platform-function";
import { allow } from "../../../security/iam";
import { formerVariables } from "../../issuers/former-variables";
import { issuerVariables, keyStatements, type PoolsOfTokens } from "../../issuers/issuer-variables";
import type { TenantAuthorizer } from "../authorizer";
import { type RestRoutes, restRoutes } from "../routes";
import { routesByScope } from "./routes-by-scope";
import { usageRoute } from "./tenant-usage";

/** Arguments of `TenantAuthorizerFunction`. */
export interface TenantAuthorizerArgs
  extends Pick<PlatformFunctionArgs, "account" | "artifact" | "logRetentionDays" | "alarmTopicArn"> {
  readonly region: string;
  readonly identity: PoolsOfTokens;
  readonly issuers: AdmittedIssuers;
  readonly services: readonly RestRoutes[];
  readonly protection: boolean;
}

/**
 * The function that admits the tenants of a REST API, and the secret that their API keys are derived from. The program
 * makes the secret without a value, so that no state has it: `npm run tenant -- add` sets the first one, and until then
 * no token is admitted. Each region has a secret of its own name with the same value, which the command keeps equal, so
 * that a region needs no other one.
 */
export class TenantAuthorizerFunction extends pulumi.ComponentResource implements TenantAuthorizer {
  readonly kind = "tenants";
  readonly invokeArn: pulumi.Output<string>;
  /** ARN of the secret that `npm run tenant` writes. */
  readonly secretArn: pulumi.Output<string>;
  private readonly authorizer: PlatformFunction;

  constructor(name: string, args: TenantAuthorizerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:gateway:TenantAuthorizer", name, {}, opts);
    const { account, artifact, logRetentionDays, alarmTopicArn, identity, services } = args;
    const secret = new secretsmanager.Secret(
      `${name}-secret`,
      { description: "What the API keys of tenants are derived from", recoveryWindowInDays: args.protection ? 30 : 7 },
      { parent: this, protect: args.protection },
    );
    this.authorizer = new PlatformFunction(
      name,
      {
        description: "Admits the tenants of the REST API",
        account,
        artifact,
        logRetentionDays,
        alarmTopicArn,
        memory: 512,
        // API Gateway waits for 10 s.
        timeoutSeconds: 9,
        variables: {
          ...issuerVariables(identity, args.issuers),
          TENANT_SECRET_ID: secret.arn,
          ROUTES: JSON.stringify(routesByScope([...services.flatMap(restRoutes), usageRoute])),
          ...formerVariables(services.flatMap(restRoutes)),
        },
        statements: [
          allow(["secretsmanager:GetSecretValue"], secret.arn),
          ...keyStatements(identity, args.issuers, args),
        ],
      },
      { parent: this },
    );
    this.invokeArn = this.authorizer.invokeArn;
    this.secretArn = secret.arn;
    this.registerOutputs({ secretArn: this.secretArn });
  }

  /** Makes the permission that lets the authorizers of one API, and nothing else, invoke the function. */
  permit(name: string, apiExecutionArn: pulumi.Input<string>): void {
    const sourceArn = pulumi.interpolate`${apiExecutionArn}/authorizers/*`;
    this.authorizer.permit(name, { awsService: "apigateway.amazonaws.com", sourceArn });
  }
}
