import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { logicalName } from "../naming/names";

/** Tokens of a CI service that may become the deploy role. */
export interface OidcTrust {
  /** Without slash at its end: `https://ci.example.com`. */
  readonly issuer: string;
  /** The tokens' `aud`. */
  readonly audience: string;
  /** The tokens' `sub`, `*` and `?` standing for anything. */
  readonly subjects: readonly string[];
}

export interface DeployRoleArgs {
  readonly oidc?: OidcTrust;
  /** ARNs of roles and users that may become it. */
  readonly principals: readonly string[];
  readonly sessionMinutes: number;
}

/** The role that CI deploys environments as, and who may become it. What it may do: DeployPermissions. */
export class DeployRole extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: DeployRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:account:DeployRole", name, {}, opts);
    const tokens = args.oidc === undefined ? [] : [this.trustTokens(name, args.oidc)];
    const role = new iam.Role(
      logicalName(`${name}-role`, "role"),
      {
        description: "Deploys the environments of the platform",
        maxSessionDuration: args.sessionMinutes * 60,
        assumeRolePolicy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [...tokens, ...trustPrincipals(args.principals)],
        }),
      },
      { parent: this },
    );
    this.name = role.name;
    this.arn = role.arn;
    this.registerOutputs({ arn: this.arn });
  }

  private trustTokens(name: string, { issuer, audience, subjects }: OidcTrust) {
    const provider = new iam.OpenIdConnectProvider(
      `${name}-oidc`,
      { url: issuer, clientIdLists: [audience] },
      { parent: this },
    );
    // Keys of the condition are the claims of this issuer, named by its URL.
    const claims = issuer.replace("https://", "");
    return {
      Effect: "Allow",
      Principal: { Federated: provider.arn },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: { [`${claims}:aud`]: audience },
        StringLike: { [`${claims}:sub`]: subjects },
      },
    };
  }
}

function trustPrincipals(principals: readonly string[]) {
  if (principals.length === 0) return [];
  return [{ Effect: "Allow", Principal: { AWS: principals }, Action: "sts:AssumeRole" }];
}
