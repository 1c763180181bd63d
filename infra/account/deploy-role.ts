import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { logicalName } from "../naming/names";

/** The tokens of a CI service with which the deploy role may be assumed. */
interface OidcTrust {
  /** URL of the issuer, without slash at its end. @example "https://ci.example.com" */
  readonly issuer: string;
  /** The `aud` of the tokens. */
  readonly audience: string;
  /** Accepted `sub`s of the tokens, with the wildcards `*` and `?`. @example ["project:example/platform:ref:main"] */
  readonly subjects: readonly string[];
}

/** Arguments of `DeployRole`. */
export interface DeployRoleArgs {
  /** @default no tokens are accepted */
  readonly oidc?: OidcTrust;
  /** ARNs of roles and users that may assume it. */
  readonly principals: readonly string[];
  readonly sessionMinutes: number;
}

/** The role that deploys environments, and who may assume it. `DeployPermissions` gives it its permissions. */
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
    // The condition keys of an issuer begin with its URL.
    const keyPrefix = issuer.replace("https://", "");
    return {
      Effect: "Allow",
      Principal: { Federated: provider.arn },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: { [`${keyPrefix}:aud`]: audience },
        StringLike: { [`${keyPrefix}:sub`]: subjects },
      },
    };
  }
}

function trustPrincipals(principals: readonly string[]) {
  if (principals.length === 0) return [];
  return [{ Effect: "Allow", Principal: { AWS: principals }, Action: "sts:AssumeRole" }];
}
