import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { isLoopbackHost } from "../ports/hosts";
import { LoopbackServer } from "../ports/loopback-server";
import type { SessionKeys } from "../sts/role-sessions";
import { ZoneKeys } from "../vpc/zone-keys";

const rolesPath = "/latest/meta-data/iam/security-credentials/";
const maxTokens = 1_000;

/**
 * The instance metadata service of the instances of one role: the role's name, its credentials, and an instance's id and
 * zone, by version 2 only, which asks for a token first. On AWS it is at 169.254.169.254 of every instance; here each
 * role has an address, and who asks for the place of an instance says by the path which one it is.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html
 */
export class InstanceMetadata {
  private readonly server = new LoopbackServer(createServer((req, res) => this.handle(req, res)));
  /** By token: when it ends, in milliseconds since the epoch. */
  private readonly tokens = new Map<string, number>();
  private readonly instances = new ZoneKeys(() => `i-${randomBytes(9).toString("hex").slice(1)}`);

  /**
   * @param roleName  without path
   * @param open  returns credentials of the role
   */
  constructor(
    private readonly roleName: string,
    private readonly open: () => SessionKeys,
  ) {}

  start(): Promise<void> {
    return this.server.start();
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  /** Returns the variable by which a new instance in the zone finds it. The AWS SDK uses the address without its path. */
  variables(zone: string): Record<string, string> {
    return { AWS_EC2_METADATA_SERVICE_ENDPOINT: `${this.server.url}/${this.instances.keyIn(zone)}` };
  }

  private handle(req: IncomingMessage, res: ServerResponse): void {
    const [status, text = ""] = this.answer(req);
    res.writeHead(status, { "content-type": "text/plain" }).end(text);
  }

  private answer({ method, url: asked = "", headers }: IncomingMessage): readonly [status: number, text?: string] {
    const [, id = "", url = ""] = /^(?:\/(i-[0-9a-f]{17}))?(\/.*)$/.exec(asked) ?? [];
    // The service refuses what a proxy passes on, as it would be of another machine.
    if (!isLoopbackHost(headers.host ?? "") || headers["x-forwarded-for"] !== undefined) return [403];
    if (method === "PUT" && url === "/latest/api/token") {
      const seconds = Number(headers["x-aws-ec2-metadata-token-ttl-seconds"]);
      const valid = Number.isInteger(seconds) && seconds >= 1 && seconds <= 21_600;
      return valid ? [200, this.newToken(seconds)] : [400];
    }
    if (method !== "GET") return [405];
    const endsAt = this.tokens.get(String(headers["x-aws-ec2-metadata-token"]));
    if (endsAt === undefined || endsAt <= Date.now()) return [401];
    const zone = this.instances.zoneOf(id);
    if (zone !== undefined && url === "/latest/meta-data/placement/availability-zone") return [200, zone];
    if (zone !== undefined && url === "/latest/meta-data/instance-id") return [200, id];
    if (url === rolesPath || url === rolesPath.slice(0, -1)) return [200, this.roleName];
    return url === `${rolesPath}${this.roleName}` ? [200, JSON.stringify(this.credentials())] : [404];
  }

  private newToken(seconds: number): string {
    if (this.tokens.size >= maxTokens) this.tokens.clear();
    const token = randomBytes(32).toString("base64url");
    this.tokens.set(token, Date.now() + seconds * 1_000);
    return token;
  }

  private credentials(): object {
    const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = this.open();
    return {
      ...{ Code: "Success", LastUpdated: new Date().toISOString(), Type: "AWS-HMAC" },
      ...{ AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Token: sessionToken },
      Expiration: new Date(expiresAt).toISOString(),
    };
  }
}
