import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { Access, AccessDenied, withOperator } from "../iam/access";
import { type RoleDocuments, rolesOf } from "../iam/planned-roles";
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

type Handler = (req: IncomingMessage, res: ServerResponse) => void;

/** DynamoDB's own limit is 16 MiB, of a batch. */
const maxBodyBytes = 16 * 1_024 * 1_024;

/**
 * Lets through what DynamoDB would: calls that a planned role signed and is allowed, and those of the operator. Keeps pages
 * of browsers out: no Host but this machine's, and no permission for other origins.
 */
export class StoreGuard {
  private access: Access | undefined;

  constructor(private readonly next: Handler) {}

  /** Until it is told, only the operator may call. */
  allow({ roles, key, account }: StoreAccess): void {
    const sessions = new RoleSessions(rolesOf(roles), Buffer.from(key, "base64"));
    this.access = new Access(withOperator(sessions.find, account));
  }

  readonly handle: Handler = (req, res) => {
    if (!isLoopbackHost(req.headers.host ?? "")) {
      res.writeHead(403, { "content-type": "application/json" }).end('{"message":"Forbidden"}');
      return;
    }
    delete req.headers.origin; // the store would allow any origin to read its answers
    const chunks: Buffer[] = [];
    let bytes = 0;
    req.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBodyBytes) chunks.push(chunk);
    });
    // A client that ends in the middle of its request gets no answer.
    req.once("error", () => res.destroy());
    req.once("end", () => {
      if (bytes > maxBodyBytes) refuse(res, "SerializationException", "Request body too large");
      // DynamoDB tells anyone that it is well.
      else if (req.method === "GET") this.next(replayed(req, Buffer.alloc(0)), res);
      else this.decide(req, res, Buffer.concat(chunks));
    });
  };

  private decide(req: IncomingMessage, res: ServerResponse, body: Buffer): void {
    const { method = "", url = "", rawHeaders, headers } = req;
    const operation = String(headers["x-amz-target"] ?? "").split(".")[1] ?? "";
    let refusal: SignatureError | AccessDenied | undefined;
    try {
      const access = this.access ?? new Access(withOperator(() => undefined, ""));
      access.check({ method, url, rawHeaders, body }, "dynamodb", (where) =>
        dynamoDbAsks(operation, jsonOf(body), where),
      );
    } catch (error) {
      if (!(error instanceof SignatureError || error instanceof AccessDenied)) throw error;
      refusal = error;
    }
    if (refusal === undefined) this.next(replayed(req, body), res);
    else refuse(res, refusal instanceof SignatureError ? refusal.type : "AccessDeniedException", refusal.message);
  }
}

/** The same request with a body that can be read again. */
function replayed({ method, url, headers, httpVersion, socket }: IncomingMessage, body: Buffer): IncomingMessage {
  const stream = Readable.from(body.length === 0 ? [] : [body]);
  return Object.assign(stream, { method, url, headers, httpVersion, socket }) as unknown as IncomingMessage;
}

/** The store itself says what is wrong with a body that is no JSON. */
function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function refuse(res: ServerResponse, name: string, message: string): void {
  res.writeHead(400, { "content-type": "application/x-amz-json-1.0" });
  res.end(JSON.stringify({ __type: `com.amazon.coral.service#${name}`, message }));
}
