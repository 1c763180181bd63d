import { createHmac, generateKeyPairSync } from "node:crypto";
import * as cognito from "@pulumi/aws/cognito";
import * as aws from "@pulumi/aws/provider";
import { capture } from "../../../graph/capture/capture";
import { GraphIndex } from "../../../graph/model";
import { AwsEndpoint } from "../../../local/aws/aws-endpoint";
import { cognitoApi } from "../../../local/aws/cognito-api";
import { type RunningIssuer, startIssuer } from "../../../local/cognito/issuer";
import { UserPools } from "../../../local/cognito/user-pools";
import { FunctionFailure } from "../../../local/local-compute";
import { operatorOnly } from "../../local/helpers/access";
import type { CognitoGiven, GivenTrigger } from "../cognito-cases";

/** Password of the users of cases. */
export const password = "Passw0rd-of-cases";
export const callback = "https://shop.example/";
const newKey = () => generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey;
const keys = { access: newKey(), id: newKey() };
const flows = ["USER_PASSWORD_AUTH", "USER_SRP_AUTH", "CUSTOM_AUTH", "REFRESH_TOKEN_AUTH"];

/** A user pool with one client, its API and its domain. */
export class World {
  /** Events that triggers got, in their order. */
  readonly events: any[] = [];
  readonly pools: UserPools;
  /** Seconds that have passed in addition to the real ones. */
  passed = 0;
  issuer!: RunningIssuer;
  readonly aws: AwsEndpoint;

  private constructor(
    readonly index: GraphIndex,
    given: CognitoGiven,
  ) {
    this.pools = new UserPools(index, {
      keys,
      clock: () => this.now,
      invoke: async (arn, event: any) => {
        const first = !this.events.some(({ triggerSource }) => triggerSource === event.triggerSource);
        this.events.push(structuredClone(event));
        const name = arn.split(":").at(-1)!;
        return run(given.triggers?.[name] ?? { response: {} }, event, first);
      },
    });
    const apis = () => ({ "cognito-idp": cognitoApi(this.pools) });
    this.aws = new AwsEndpoint(index, { usagePlans: () => undefined, access: operatorOnly, apis, log: () => {} });
  }

  static async start(given: CognitoGiven): Promise<World> {
    const world = new World(new GraphIndex(await capture(() => program(given))), given);
    await world.aws.start();
    world.issuer = await startIssuer({ index: world.index, port: 0, log: () => {}, userPools: world.pools });
    world.addUsers(given);
    return world;
  }

  async stop(): Promise<void> {
    await Promise.all([this.aws.stop(), this.issuer.stop()]);
  }

  get now(): number {
    return Date.now() + this.passed * 1_000;
  }

  get client() {
    return [...this.pools.clients.values()][0]!;
  }

  get poolId(): string {
    return this.client.pool.id;
  }

  secretHash(username: string): string {
    const { id, secret = "" } = this.client;
    return createHmac("sha256", secret)
      .update(username + id)
      .digest("base64");
  }

  private addUsers({ users = [] }: CognitoGiven): void {
    const directory = this.pools.directory(this.poolId);
    for (const { username, attributes, status = "CONFIRMED", enabled = true, groups = [] } of users) {
      const address = username.includes("@") ? username : `${username}@shop.example`;
      const all = attributes ?? { email: address, email_verified: "true" };
      const user = directory.add(directory.draft(username, all));
      user.setPassword(password);
      Object.assign(user, { status, enabled });
      for (const group of groups) user.memberOf.add(group);
    }
  }
}

function program({ pool, client, groups = [], triggers = {}, preTokenVersion, provider }: CognitoGiven): void {
  const opts = { provider: new aws.Provider("p", { region: "eu-west-1" }) };
  const arn = (name: string) => `arn:aws:lambda:eu-west-1:123456789012:function:${name}`;
  const named = Object.keys(triggers).filter((name) => name !== "preToken");
  const preToken = { lambdaArn: arn("preToken"), lambdaVersion: preTokenVersion ?? "V3_0" };
  const lambdaConfig = {
    ...Object.fromEntries(named.map((name) => [name, arn(name)])),
    ...(triggers["preToken"] && { preTokenGenerationConfig: preToken }),
  };
  const schemas = [{ name: "tenantId", attributeDataType: "String", mutable: true }];
  const users = new cognito.UserPool(
    "pool",
    { autoVerifiedAttributes: ["email"], lambdaConfig, schemas, ...(pool as cognito.UserPoolArgs) },
    opts,
  );
  for (const group of groups) new cognito.UserGroup(group.name, { userPoolId: users.id, ...group }, opts);
  if (provider !== undefined) addProvider(provider, users, opts);
  new cognito.UserPoolClient(
    "client",
    {
      userPoolId: users.id,
      explicitAuthFlows: flows.map((flow) => `ALLOW_${flow}`),
      allowedOauthFlowsUserPoolClient: true,
      allowedOauthFlows: ["code", ...(client?.["generateSecret"] ? ["client_credentials"] : [])],
      allowedOauthScopes: ["openid", "email", "profile"],
      supportedIdentityProviders: ["COGNITO", ...(provider === undefined ? [] : [provider])],
      callbackUrls: [callback],
      logoutUrls: ["https://shop.example/bye"],
      preventUserExistenceErrors: "ENABLED",
      ...(client as Partial<cognito.UserPoolClientArgs>),
    },
    opts,
  );
}

function addProvider(providerName: string, { id: userPoolId }: cognito.UserPool, opts: object): void {
  new cognito.IdentityProvider(
    providerName,
    {
      userPoolId,
      providerName,
      providerType: "OIDC",
      providerDetails: {
        client_id: "shop",
        client_secret: "s",
        authorize_scopes: "openid email",
        attributes_request_method: "GET",
        oidc_issuer: "https://accounts.shop.example",
        authorize_url: "https://accounts.shop.example/authorize",
      },
      attributeMapping: { email: "email" },
    },
    opts,
  );
}

async function run(trigger: GivenTrigger, event: any, first: boolean): Promise<unknown> {
  if ("throws" in trigger) {
    const error = { errorType: "Error", errorMessage: trigger.throws };
    throw new FunctionFailure("error", trigger.throws, error);
  }
  if ("answers" in trigger) return trigger.answers;
  const response = first ? trigger.response : (trigger.afterFirst ?? trigger.response);
  return { ...event, response: { ...event.response, ...response } };
}
