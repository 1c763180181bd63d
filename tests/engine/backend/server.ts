import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { Bucket } from "./bucket";
import { Kms } from "./kms";
import type { Answer } from "./protocol";
import { S3 } from "./s3";

/** Region of buckets and keys that name none. */
const REGION = "eu-west-1";

/** S3 and KMS of an account of its own, in memory, at an address of loopback. */
export interface AccountServices {
  /**
   * What brings the AWS SDK of the Pulumi command line here, whichever service it asks. Without a region, which the
   * URLs have to say.
   */
  readonly env: Readonly<Record<string, string>>;
  /** What was asked and answered, as `PUT s3 /bucket/key 200` or `POST kms Encrypt 400`. */
  readonly log: readonly string[];
  /** Until then, `NoSuchBucket`. */
  addBucket(name: string, region?: string): Bucket;
  /** @param alias  as `alias/platform-state`; until then, `NotFoundException` */
  addKey(alias: string, region?: string): void;
  close(): Promise<void>;
}

export async function accountServices(): Promise<AccountServices> {
  const [s3, kms, log] = [new S3(), new Kms(), [] as string[]];
  const server = createServer(async (request, response) => {
    try {
      send(response, await answer(request, s3, kms, log));
    } catch (error) {
      send(response, { status: 500, body: String(error) });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    env: {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_EC2_METADATA_DISABLED: "true",
    },
    log,
    addBucket: (name, region = REGION) => s3.addBucket(name, region),
    addKey: (alias, region = REGION) => void kms.addKey(alias, region),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(request: IncomingMessage, s3: S3, kms: Kms, log: string[]): Promise<Answer> {
  const { method = "", headers } = request;
  const url = new URL(request.url!, "http://127.0.0.1");
  const [region, service] = scopeOf(headers.authorization);
  const ask = { method, url, headers, body: await buffer(request), region };
  const services = { s3: () => s3.answer(ask), kms: () => kms.answer(ask) };
  const known = services[service as keyof typeof services];
  const reply: Answer = known ? await known() : { status: 501, body: `no stand-in for "${service}"` };
  const what = service === "kms" ? String(headers["x-amz-target"]).replace("TrentService.", "") : url.pathname;
  log.push(`${method} ${service} ${what} ${reply.status}`);
  return reply;
}

/** Region and service that a request is signed for; the signature itself is not checked. */
function scopeOf(authorization = ""): [region: string, service: string] {
  const [, region = "", service = ""] =
    /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\/aws4_request/.exec(authorization) ?? [];
  return [region, service];
}

function send(response: ServerResponse, { status, headers, body = "" }: Answer): void {
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
  // Node leaves the body out of an answer to HEAD by itself.
  response.end(body);
}
