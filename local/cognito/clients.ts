import { randomBytes } from "node:crypto";
import type { GraphIndex, PlannedResource } from "../../graph/model";
import { TimeScale } from "../time-scale";
import { required, unsupported } from "../unsupported";
import { readGroups, type UserGroup } from "./groups";
import { type PoolSettings, readPoolSettings } from "./pool-settings";

/** A planned Cognito user pool. */
export interface UserPool {
  readonly id: string;
  /** `iss` of its tokens: `https://cognito-idp.<region>.amazonaws.com/<pool id>`. */
  readonly issuer: string;
  /** Whether people sign in by e-mail address; Cognito then generates their user names. */
  readonly signInByEmail: boolean;
  readonly groups: readonly UserGroup[];
  readonly name: string;
  /** AWS region and ARN. */
  readonly region: string;
  readonly arn: string;
  readonly settings: PoolSettings;
}

/** A planned app client of a user pool. */
export interface AppClient {
  readonly id: string;
  readonly name: string;
  readonly pool: UserPool;
  /** Generated at start for clients with a secret; unset for public clients. */
  readonly secret: string | undefined;
  /** Allowed OAuth flows: `code`, `client_credentials`. */
  readonly flows: readonly string[];
  readonly scopes: readonly string[];
  readonly callbackUrls: readonly string[];
  /** Where `/logout` may lead to. */
  readonly logoutUrls: readonly string[];
  /** Attributes of users that its tokens contain; unset for all. */
  readonly readAttributes: readonly string[] | undefined;
  /** Attributes that users may write; unset for the standard ones and all of the pool's own. */
  readonly writeAttributes: readonly string[] | undefined;
  /** Ways to sign in by the user-pool API. @example ["ALLOW_USER_SRP_AUTH"] */
  readonly authFlows: readonly string[];
  /** Whether answers are the same for users that do not exist. */
  readonly hidesUsers: boolean;
  /** How long a challenge may be answered. */
  readonly challengeSeconds: number;
  /** Names of identity providers that its users may sign in with. @example ["COGNITO"] */
  readonly providers: readonly string[];
  /** Lifetime of access tokens, as it is planned. */
  readonly plannedAccessSeconds: number;
  /** Lifetime of access tokens, as long as it is at the platform's time scale, like the two below. */
  readonly accessSeconds: number;
  /** Lifetime of ID tokens. */
  readonly idSeconds: number;
  /** Lifetime of refresh tokens. */
  readonly refreshSeconds: number;
  /** How long a replaced refresh token is still accepted; unset when refreshing does not replace it. */
  readonly rotationGraceSeconds: number | undefined;
}

const secondsPer: Readonly<Record<string, number>> = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 };
/** Of a client for which none are planned. */
const defaultFlows = ["ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];
const standardScopes = ["openid", "email", "profile", "phone", "aws.cognito.signin.user.admin"];

/** Reads every planned user pool. @throws {UserError} on a setting that does not run here */
export function readPools(index: GraphIndex): readonly UserPool[] {
  return index.ofType("aws:cognito/userPool:UserPool").map((pool) => poolOf(index, pool));
}

/**
 * Reads the app clients of every planned user pool.
 * @param known  the pools. @default those of the index
 * @param time  by which tokens live shorter. @default as long as planned
 * @throws {UserError} on a client without pool, a scope that no resource server of its pool has, or an unknown unit
 */
export function readClients(index: GraphIndex, known = readPools(index), time = new TimeScale()): readonly AppClient[] {
  const pools = new Map(known.map((pool) => [pool.id, pool]));
  // Whole seconds, as tokens have them.
  const shortened = (seconds: number) => Math.max(1, Math.round(time.ms(seconds) / 1_000));
  return index.ofType("aws:cognito/userPoolClient:UserPoolClient").map((client) => {
    const {
      userPoolId,
      generateSecret,
      callbackUrls = [],
      logoutUrls = [],
      refreshTokenRotation: rotation,
    } = client.outputs;
    const enabled = client.outputs["allowedOauthFlowsUserPoolClient"] === true;
    const plannedAccessSeconds = lifetime(client, "accessToken", 1, "hours");
    return {
      id: client.outputs["id"],
      name: client.outputs["name"],
      pool: required<UserPool>(client, "userPoolId", pools.get(userPoolId)),
      secret: generateSecret ? randomBytes(32).toString("base64url") : undefined,
      flows: enabled ? (client.outputs["allowedOauthFlows"] ?? []) : [],
      scopes: scopesOf(index, client),
      callbackUrls,
      logoutUrls,
      readAttributes: client.outputs["readAttributes"],
      writeAttributes: client.outputs["writeAttributes"],
      authFlows: client.outputs["explicitAuthFlows"] ?? defaultFlows,
      hidesUsers: client.outputs["preventUserExistenceErrors"] !== "LEGACY",
      challengeSeconds: (client.outputs["authSessionValidity"] ?? 3) * 60,
      providers: client.outputs["supportedIdentityProviders"] ?? ["COGNITO"],
      plannedAccessSeconds,
      accessSeconds: shortened(plannedAccessSeconds),
      idSeconds: shortened(lifetime(client, "idToken", 1, "hours")),
      refreshSeconds: shortened(lifetime(client, "refreshToken", 30, "days")),
      rotationGraceSeconds: rotation?.feature === "ENABLED" ? (rotation.retryGracePeriodSeconds ?? 0) : undefined,
    };
  });
}

function poolOf(index: GraphIndex, pool: PlannedResource): UserPool {
  const { outputs } = pool;
  const settings = readPoolSettings(pool);
  const id: string = outputs["id"];
  return {
    id,
    issuer: `https://${outputs["endpoint"]}`,
    signInByEmail: settings.usernameAttributes.includes("email"),
    groups: readGroups(index, id),
    name: outputs["name"],
    region: pool.region!,
    arn: outputs["arn"],
    settings,
  };
}

function scopesOf(index: GraphIndex, client: PlannedResource): readonly string[] {
  const servers = index.where("aws:cognito/resourceServer:ResourceServer", {
    userPoolId: client.outputs["userPoolId"],
  });
  const known = new Set([
    ...standardScopes,
    ...servers.flatMap((server) => server.outputs["scopeIdentifiers"] as string[]),
  ]);
  const scopes: string[] = client.outputs["allowedOauthScopes"] ?? [];
  const unknown = scopes.find((scope) => !known.has(scope));
  if (unknown !== undefined)
    unsupported(client, "allowedOauthScopes", "scopes of the pool's resource servers", unknown);
  return scopes;
}

function lifetime(client: PlannedResource, token: string, defaultValue: number, defaultUnit: string): number {
  const unit = client.outputs["tokenValidityUnits"]?.[token] ?? defaultUnit;
  const seconds = secondsPer[unit] ?? unsupported(client, `tokenValidityUnits.${token}`, "a unit of time", unit);
  return (client.outputs[`${token}Validity`] ?? defaultValue) * seconds;
}
