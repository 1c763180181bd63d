import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { crc32 } from "node:zlib";
import { Access, AccessDenied, withOperator } from "../iam/access";
import { callerName } from "../iam/denial";
import { type RoleDocuments, rolesOf } from "../iam/planned-roles";
import type { Caller } from "../iam/principals";
import { SignatureError } from "../iam/sigv4/signature-error";
import { isLoopbackHost } from "../ports/hosts";
import { RoleSessions } from "../sts/role-sessions";
import { dynamoDbAsks } from "./asks";

/** What the process of the store has to know to decide on calls. */
export interface StoreAccess {
  readonly roles: readonly RoleDocuments[];
  /** Of the sessions, in base64. */
  readonly key: string;
  readonly account: string;
}

/** The tables of one region, or what stands for them. */
interface Answering {
  /** @throws {Error} with what to answer in `statusCode` and `body` when the call is refused */
  run(version: string, operation: string, input: object): Promise<object>;
}

/** DynamoDB's own limit is 16 MiB, of a batch. */
const maxBodyBytes = 16 * 1_024 * 1_024;
const contentTypes = ["application/x-amz-json-1.0", "application/json"];

/**
 * Lets through what DynamoDB would: calls that a planned role signed and is allowed, and those of the operator; each to
 * the region that it is signed for. Keeps pages of browsers out: no Host but this machine's, and no permission for other
 * origins.
 */
export class StoreGuard {
  private access = new Access(withOperator(() => undefined, ""));

  /** @param regions  may still be empty */
  constructor(private readonly regions: ReadonlyMap<string, Answering>) {}

  /** Until it is told, only the operator may call. */
  allow({ roles, key, account }: StoreAccess): void {
    const sessions = new RoleSessions(rolesOf(roles), Buffer.from(key, "base64"));
    this.access = new Access(withOperator(sessions.find, account));
  }

  /** @param region  the only one that the address serves; unset for all */
  handle(req: IncomingMessage, res: ServerResponse, region?: string): void {
    if (!isLoopbackHost(req.headers.host ?? "")) {
      res.writeHead(403, { "content-type": "application/json" }).end('{"message":"Forbidden"}');
      return;
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    req.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBodyBytes) chunks.push(chunk);
    });
    // A client that ends in the middle of its request gets no answer.
    req.once("error", () => res.destroy());
    req.once("end", () => {
      if (bytes > maxBodyBytes)
        refuse(res, "com.amazon.coral.service#SerializationException", "Request body too large");
      // DynamoDB tells anyone that it is well.
      else if (req.method === "GET") res.end(`healthy: dynamodb.${region ?? "us-east-1"}.amazonaws.com `);
      else void this.answer(req, res, Buffer.concat(chunks), region);
    });
  }

  private async answer(req: IncomingMessage, res: ServerResponse, body: Buffer, only?: string): Promise<void> {
    try {
      const { method = "", url = "", rawHeaders, headers } = req;
      const [version = "", operation = ""] = String(headers["x-amz-target"] ?? "").split(".");
      const input = jsonOf(body);
      const regions = only === undefined ? [...this.regions.keys()] : [only];
      const { region, caller } = this.access.check(
        { method, url, rawHeaders, body },
        "dynamodb",
        (where) => dynamoDbAsks(operation, input, where),
        regions,
      );
      const [type = ""] = (headers["content-type"] ?? "").split(";");
      if (method !== "POST" || !contentTypes.includes(type.trim())) {
        res.writeHead(404).end("<UnknownOperationException/>\n");
        return;
      }
      if (input === undefined) refuse(res, "com.amazon.coral.service#SerializationException");
      else send(res, 200, await this.run(region, caller, version, operation, input));
    } catch (error) {
      refuseWith(res, error);
    }
  }

  /** Runs a call; the log says who called an operation that is not here. */
  private run(region: string, caller: Caller, ...[version, operation, input]: Parameters<Answering["run"]>) {
    return this.regions
      .get(region)!
      .run(version, operation, input)
      .catch((error) => {
        if (/UnknownOperationException$/.test(error.body?.__type ?? "")) {
          process.stderr.write(`${callerName(caller)} called dynamodb ${operation}, which is not here\n`);
        }
        throw error;
      });
  }
}

/** @returns nothing for what is no JSON object */
function jsonOf(body: Buffer): object | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function refuseWith(res: ServerResponse, error: unknown): void {
  const { statusCode, body } = answerTo(error);
  send(res, statusCode, body);
}

function answerTo(error: unknown): { readonly statusCode: number; readonly body: object } {
  const general = (name: string, message: string) => ({
    statusCode: 400,
    body: { __type: `com.amazon.coral.service#${name}`, message },
  });
  if (error instanceof SignatureError) return general(error.type, error.message);
  if (error instanceof AccessDenied) return general("AccessDeniedException", error.message);
  const { statusCode, body, stack } = error as { statusCode?: number; body?: object; stack?: string };
  if (statusCode !== undefined && body !== undefined) return { statusCode, body };
  process.stderr.write(`${stack ?? error}\n`);
  const __type = "com.amazonaws.dynamodb.v20120810#InternalServerError";
  return { statusCode: 500, body: { __type, message: "Internal server error" } };
}

function refuse(res: ServerResponse, type: string, message?: string): void {
  send(res, 400, { __type: type, ...(message === undefined ? {} : { message }) });
}

function send(res: ServerResponse, status: number, answer: object): void {
  const body = Buffer.from(JSON.stringify(answer));
  res.writeHead(status, {
    "content-type": "application/x-amz-json-1.0",
    "content-length": body.length,
    "x-amz-crc32": crc32(body),
    "x-amzn-requestid": randomUUID(),
  });
  res.end(body);
}
