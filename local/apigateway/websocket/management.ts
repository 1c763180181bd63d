import type { IncomingMessage, ServerResponse } from "node:http";
import { type Access, AccessDenied } from "../../iam/access";
import { SignatureError } from "../../iam/sigv4/signature-error";
import type { WebSocketApiModel } from "./api-model";
import { type Connection, limits } from "./connection";
import { isConnectionId } from "./connection-id";

/** What the @connections API works on. */
interface Managed {
  readonly api: WebSocketApiModel;
  readonly access: Access;
  readonly connections: ReadonlyMap<string, Connection>;
}

/** An answer: an error has its class. */
type Answer = { readonly status: number; readonly body?: object; readonly error?: string };

const failure = (status: number, error: string, message?: string): Answer => ({
  status,
  error,
  ...(message === undefined ? {} : { body: { message } }),
});

/**
 * Answers a call of the @connections API: posts to a connection, describes it or ends it. The caller's policies decide by
 * `execute-api:ManageConnections`.
 * @param stage  the one that the host or path leads to
 * @param path  below the stage
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export async function manageConnection(
  req: IncomingMessage,
  res: ServerResponse,
  { stage, path }: { readonly stage: string; readonly path: string },
  managed: Managed,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const { status, body, error } = await answer(req, Buffer.concat(chunks), { stage, path }, managed);
  const text = body === undefined ? "" : JSON.stringify(body);
  res.writeHead(status, {
    ...(text === "" ? {} : { "content-type": "application/json" }),
    ...(error === undefined ? {} : { "x-amzn-errortype": error }),
    "content-length": Buffer.byteLength(text),
  });
  res.end(text);
}

async function answer(
  req: IncomingMessage,
  data: Buffer,
  { stage, path }: { readonly stage: string; readonly path: string },
  { api, access, connections }: Managed,
): Promise<Answer> {
  const { method = "", url = "", rawHeaders } = req;
  // Encoded, as an id may have a slash.
  const id = decoded(/^\/(?:@|%40)connections\/([^/]+)$/i.exec(path)?.[1]);
  if (id === undefined || !["POST", "GET", "DELETE"].includes(method))
    return failure(403, "ForbiddenException", "Forbidden");
  const resource = `arn:aws:execute-api:${api.region}:${api.accountId}:${api.apiId}/${stage}/${method}/@connections/${id}`;
  try {
    const ask = { action: "execute-api:ManageConnections", resource };
    access.check({ method, url, rawHeaders, body: data }, "execute-api", () => [ask], [api.region]);
  } catch (error) {
    if (error instanceof SignatureError) return failure(403, error.nameIn("json"), error.message);
    if (error instanceof AccessDenied) return failure(403, "ForbiddenException", error.message);
    throw error;
  }
  if (!isConnectionId(id)) return failure(400, "BadRequestException", `Invalid connectionId: ${id}`);
  const connection = connections.get(id);
  if (connection === undefined) return failure(410, "GoneException");
  switch (method) {
    case "POST":
      if (data.length > limits.messageBytes) return failure(413, "PayloadTooLargeException", "Payload too large");
      await connection.send(data);
      return { status: 200 };
    case "DELETE":
      connection.end();
      return { status: 204 };
    default:
      return { status: 200, body: describe(connection) };
  }
}

function describe({ upgrade, lastActiveAt }: Connection): object {
  const { connectedAt, sourceIp, userAgent } = upgrade;
  return {
    connectedAt: new Date(connectedAt).toISOString(),
    identity: { sourceIp, ...(userAgent === undefined ? {} : { userAgent }) },
    lastActiveAt: new Date(lastActiveAt).toISOString(),
  };
}

function decoded(segment: string | undefined): string | undefined {
  try {
    return segment && decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
