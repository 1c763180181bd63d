import { Agent, type ClientRequest, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps, Agent as SecureAgent } from "node:https";
import { maxBodyBytes } from "../../body";
import type { Answer } from "../function-answer";
import { GatewayError, internalError } from "../gateway-responses";
import type { HeaderList } from "../headers";

/** A request that the gateway of a REST API sends. */
export interface OutgoingRequest {
  readonly origin: string;
  /** With query, encoded. */
  readonly path: string;
  readonly method: string;
  readonly headers: HeaderList;
  readonly body: Buffer;
  readonly timeoutMilliseconds: number;
}

/** Names of an integration's errors that no endpoint can be blamed for: the address itself is wrong. */
const addressErrors = new Set(["ENOTFOUND", "EAI_AGAIN", "ERR_INVALID_URL", "ERR_UNESCAPED_CHARACTERS"]);
const timedOut = new Error("integration timeout");

/**
 * Sends requests of integrations by node:http: undici refuses headers such as Upgrade, which mappings may set. Connections
 * are used again.
 */
export class HttpClient {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly secureAgent = new SecureAgent({ keepAlive: true });

  /**
   * Sends a request and returns the answer when its head has arrived.
   * @throws {GatewayError} when there is none in time
   */
  open(outgoing: OutgoingRequest, signal?: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const sent = this.start(outgoing, signal);
      const timer = setTimeout(() => sent.destroy(timedOut), outgoing.timeoutMilliseconds);
      sent.once("response", (incoming) => {
        // The body must arrive in the same time, unless it is passed on as it arrives.
        incoming.once("close", () => clearTimeout(timer));
        resolve(incoming);
      });
      sent.once("error", (error) => {
        clearTimeout(timer);
        reject(failureOf(error));
      });
      sent.end(outgoing.body);
    });
  }

  /** Sends a request and reads the whole answer. @throws {GatewayError} when it is not whole in time, or over 10 MB */
  async send(outgoing: OutgoingRequest, signal?: AbortSignal): Promise<Answer> {
    const incoming = await this.open(outgoing, signal);
    const chunks: Buffer[] = [];
    let bytes = 0;
    try {
      for await (const chunk of incoming as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > maxBodyBytes) throw internalError();
        chunks.push(chunk);
      }
    } catch (error) {
      incoming.destroy();
      throw error instanceof GatewayError ? error : failureOf(error as Error);
    }
    return { status: incoming.statusCode!, headers: answerHeaders(incoming), body: Buffer.concat(chunks) };
  }

  close(): void {
    this.agent.destroy();
    this.secureAgent.destroy();
  }

  private start({ origin, path, method, headers, body }: OutgoingRequest, signal?: AbortSignal): ClientRequest {
    const secure = origin.startsWith("https:");
    const { hostname, port } = new URL(origin);
    // node:http sends the header Trailer with a chunked body only.
    const chunked = headers.some(([name]) => name.toLowerCase() === "trailer");
    const length = chunked ? ["Transfer-Encoding", "chunked"] : ["Content-Length", String(body.length)];
    return (secure ? requestHttps : requestHttp)({
      host: hostname.replace(/^\[|\]$/g, ""),
      port: port || (secure ? 443 : 80),
      path,
      method,
      headers: [...headers.flat(), ...length],
      setHost: false,
      agent: secure ? this.secureAgent : this.agent,
      ...(signal && { signal }),
    });
  }
}

/** Returns the headers of an endpoint's answer, names as it wrote them. */
export function answerHeaders({ rawHeaders }: IncomingMessage): HeaderList {
  return Array.from({ length: rawHeaders.length / 2 }, (_, i) => [rawHeaders[2 * i]!, rawHeaders[2 * i + 1]!] as const);
}

function failureOf(error: Error & { code?: string }): GatewayError {
  if (error === timedOut) return new GatewayError("INTEGRATION_TIMEOUT", "Endpoint request timed out");
  if (addressErrors.has(error.code ?? "")) return internalError();
  return new GatewayError("INTEGRATION_FAILURE", "Network error communicating with endpoint");
}
