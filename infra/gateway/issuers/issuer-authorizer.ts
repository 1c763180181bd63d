import * as pulumi from "@pulumi/pulumi";
import type { AdmittedIssuers } from "../../contract/issuer";
import type { RouteSpec } from "../../contract/service";
import { PlatformFunction, type PlatformFunctionArgs } from "../../functions/platform-function";
import { routesByScope } from "../rest/tenants/routes-by-scope";
import { formerVariables } from "./former-variables";
import { issuerVariables, keyStatements, type PoolsOfTokens } from "./issuer-variables";

/** Arguments of `IssuerAuthorizer`. */
export interface IssuerAuthorizerArgs
  extends Pick<PlatformFunctionArgs, "account" | "artifact" | "logRetentionDays" | "alarmTopicArn"> {
  /** The gateway it is for, in a few words. @example "the HTTP API" */
  readonly gateway: string;
  readonly region: string;
  readonly identity: PoolsOfTokens;
  readonly issuers: AdmittedIssuers;
  /** All routes of the gateway; those without scopes never ask it. */
  readonly routes: readonly RouteSpec[];
}

/**
 * The function that decides on the tokens of several issuers. A JWT authorizer of an HTTP API takes one issuer and a
 * route one authorizer; a REST API's own authorizer takes user pools only.
 */
export class IssuerAuthorizer extends pulumi.ComponentResource {
  readonly invokeArn: pulumi.Output<string>;
  private readonly authorizer: PlatformFunction;

  constructor(name: string, args: IssuerAuthorizerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:gateway:IssuerAuthorizer", name, {}, opts);
    const { account, artifact, logRetentionDays, alarmTopicArn, gateway, identity, issuers, routes } = args;
    const deciding = routes.filter(({ scopes }) => scopes.length > 0);
    this.authorizer = new PlatformFunction(
      name,
      {
        description: `Admits the tokens of several issuers to ${gateway}`,
        account,
        artifact,
        logRetentionDays,
        alarmTopicArn,
        memory: 512,
        // API Gateway waits for 10 s.
        timeoutSeconds: 9,
        variables: {
          ...issuerVariables(identity, issuers),
          ROUTES: JSON.stringify(routesByScope(deciding)),
          ...formerVariables(deciding),
        },
        statements: keyStatements(identity, issuers, args),
      },
      { parent: this },
    );
    this.invokeArn = this.authorizer.invokeArn;
    this.registerOutputs({ invokeArn: this.invokeArn });
  }

  /** Makes the permission that lets the authorizers of one API, and nothing else, invoke the function. */
  permit(name: string, apiExecutionArn: pulumi.Input<string>): void {
    const sourceArn = pulumi.interpolate`${apiExecutionArn}/authorizers/*`;
    this.authorizer.permit(name, { awsService: "apigateway.amazonaws.com", sourceArn });
  }
}
