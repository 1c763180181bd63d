import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { isLoopbackHost } from "../ports/hosts";
import { LoopbackServer } from "../ports/loopback-server";
import type { SessionKeys } from "../sts/role-sessions";

/**
 * The address from which containers get the credentials of their task's role. On Fargate it is 169.254.170.2, which is no
 * address of this machine, so the AWS SDK gets it in full. Each task role has a token of its own.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 */
export class ContainerCredentials {
  private readonly server = new LoopbackServer(createServer((req, res) => this.handle(req, res)));
  /** Role by token, and the other way round. */
  private readonly roles = new Map<string, string>();
  private readonly tokens = new Map<string, string>();

  /** @param open  returns credentials of a role, by its ARN */
  constructor(private readonly open: (roleArn: string) => SessionKeys) {}

  start(): Promise<void> {
    return this.server.start();
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  /** Returns the variables by which the AWS SDK of a task finds its credentials. */
  variables(roleArn: string): Record<string, string> {
    const token = this.tokens.get(roleArn) ?? randomBytes(24).toString("base64url");
    this.tokens.set(roleArn, token);
    this.roles.set(token, roleArn);
    return {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${this.server.url}/v2/credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: token,
    };
  }

  private handle(req: IncomingMessage, res: ServerResponse): void {
    const role = this.roles.get(req.headers.authorization ?? "");
    const allowed = req.method === "GET" && req.url === "/v2/credentials" && isLoopbackHost(req.headers.host ?? "");
    if (role === undefined || !allowed) {
      res.writeHead(404, { "content-type": "application/json" }).end('{"code":"NotFound","message":"no credentials"}');
      return;
    }
    const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = this.open(role);
    const keys = {
      ...{ RoleArn: role, AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Token: sessionToken },
      Expiration: new Date(expiresAt).toISOString(),
    };
    res.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" }).end(JSON.stringify(keys));
  }
}
