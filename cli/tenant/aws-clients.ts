import { setTimeout as sleep } from "node:timers/promises";
import { APIGatewayClient } from "@aws-sdk/client-api-gateway";
import { CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { UserError } from "../../graph/user-error";
import type { TenantEnvironment } from "./environment";

/** API Gateway limits management calls of an account to 10 a second, and those that make and delete keys to 5. */
const callsPerSecond = 9;
const keyCallsPerSecond = 4.5;
/** Attempts of one call: the SDK waits up to 20 s between them, which outlasts the throttling of another command. */
const maxAttempts = 10;

/** The part of an SDK client that is used here. */
interface Client {
  send(command: any): Promise<any>;
}

/** Calls AWS, or what stands in for it, and says in one sentence what failed. */
export class AwsClients {
  private readonly known = new Map<string, Client>();
  private readonly settings: object;
  private readonly paces = new Map<string, Pace>();

  constructor(private readonly environment: TenantEnvironment) {
    process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
    const { endpoints } = environment;
    this.settings = {
      maxAttempts,
      requestHandler: { connectionTimeout: 3_000, requestTimeout: 20_000, throwOnRequestTimeout: true },
      // The SDK must not send real credentials, nor look for some, where none are needed.
      ...(endpoints && { credentials: { accessKeyId: "local", secretAccessKey: "local" }, endpoint: endpoints.aws }),
    };
  }

  /** Name of the primary region, which has the user pool and the table that is written. */
  get primary(): string {
    return this.environment.regions[0]!.name;
  }

  /**
   * Calls API Gateway, not faster than it takes calls.
   * @param changesKeys  whether the call makes or deletes an API key
   */
  async gateway(region: string, command: object, changesKeys = false): Promise<any> {
    await this.pace(`${region} all`, callsPerSecond).turn();
    if (changesKeys) await this.pace(`${region} keys`, keyCallsPerSecond).turn();
    return this.send(region, "API Gateway", () => new APIGatewayClient({ ...this.settings, region }), command);
  }

  secrets(region: string, command: object): Promise<any> {
    return this.send(region, "Secrets Manager", () => new SecretsManagerClient({ ...this.settings, region }), command);
  }

  users(command: object): Promise<any> {
    const region = this.primary;
    return this.send(region, "Cognito", () => new CognitoIdentityProviderClient({ ...this.settings, region }), command);
  }

  table(command: object): Promise<any> {
    const region = this.primary;
    const { endpoints } = this.environment;
    const settings = { ...this.settings, region, ...(endpoints && { endpoint: endpoints.dynamodb }) };
    return this.send(region, "DynamoDB", () => DynamoDBDocumentClient.from(new DynamoDBClient(settings)), command);
  }

  /** Returns the ARN of who runs the command. */
  async caller(): Promise<string> {
    const region = this.primary;
    const make = () => new STSClient({ ...this.settings, region });
    return (await this.send(region, "STS", make, new GetCallerIdentityCommand({}))).Arn;
  }

  /** @throws the SDK's exception of a refusal that a caller may expect, {UserError} of any other failure */
  private async send(region: string, service: string, make: () => Client, command: object): Promise<any> {
    const key = `${service} ${region}`;
    const client = this.known.get(key) ?? make();
    this.known.set(key, client);
    try {
      return await client.send(command);
    } catch (error) {
      if (expected.includes((error as Error).name)) throw error;
      throw failure(error as Error, region, `${service} ${command.constructor.name.replace(/Command$/, "")}`);
    }
  }

  private pace(key: string, perSecond: number): Pace {
    const known = this.paces.get(key) ?? new Pace(1_000 / perSecond / this.environment.timeScale);
    this.paces.set(key, known);
    return known;
  }
}

const expected = [
  "ConditionalCheckFailedException",
  "ConflictException",
  "NotFoundException",
  "ResourceNotFoundException",
  "UserNotFoundException",
];

function failure({ name, message }: Error, region: string, call: string): UserError {
  if (name === "CredentialsProviderError") {
    return new UserError(`no AWS credentials: ${message}; log in, or set AWS_PROFILE`);
  }
  const fix = /AccessDenied|NotAuthorized|ExpiredToken|UnrecognizedClient/.test(name)
    ? "log in with a role that may do this (docs/tenants.md lists the actions)"
    : "run the same command again, which goes on where it broke off";
  return new UserError(`${region}: ${call} failed: ${name}: ${message}; ${fix}`);
}

/** Spaces calls evenly. */
class Pace {
  private next = 0;

  constructor(private readonly intervalMilliseconds: number) {}

  async turn(): Promise<void> {
    const now = performance.now();
    const at = Math.max(now, this.next);
    this.next = at + this.intervalMilliseconds;
    if (at > now) await sleep(at - now);
  }
}
