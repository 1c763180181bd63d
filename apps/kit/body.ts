import { HttpError } from "./errors";
import { parseJson } from "./json";

/**
 * Largest body that a service accepts: 256 KB, below DynamoDB's 400 KB per item and the gateways' 10 MB per request.
 */
export const bodyLimitBytes = 256 * 1024;
const gatewayLimitBytes = 10 * 1024 * 1024;

const jsonType = /^application\/json[ \t]*(;[ \t]*charset=("utf-8"|utf-8)[ \t]*)?$/i;

/**
 * Reads the JSON body of a request, see `parseJson`.
 * @throws {HttpError} 415 `unsupported_media_type`, 413 `payload_too_large`, 400 `invalid_json`
 */
export async function readJson(request: Request): Promise<unknown> {
  if (!jsonType.test(request.headers.get("content-type") ?? "")) {
    throw new HttpError(415, "unsupported_media_type", "Content-Type must be application/json in UTF-8");
  }
  const encoding = request.headers.get("content-encoding") ?? "identity";
  if (encoding.toLowerCase() !== "identity") {
    throw new HttpError(415, "unsupported_media_type", "Content-Encoding must be absent");
  }
  return parseJson(await readBytes(request));
}

async function readBytes(request: Request): Promise<ArrayBuffer | Uint8Array> {
  const declared = request.headers.get("content-length");
  if (declared !== null && Number(declared) > bodyLimitBytes) {
    throw tooLarge();
  }
  try {
    // The HTTP parser enforces a declared length, so such a body can be read at once; a chunked body is counted.
    const bytes = declared === null ? await countedBytes(request) : await request.arrayBuffer();
    if (bytes.byteLength > bodyLimitBytes) {
      throw tooLarge();
    }
    return bytes;
  } catch (error) {
    throw error instanceof HttpError ? error : new HttpError(400, "invalid_json", "The body was cut short", error);
  }
}

/**
 * Reads a body of unknown length, and keeps no more than the limit in memory. The rest of a body that is too large is
 * read and dropped, so that the client gets its answer and the connection stays usable. When it is larger than any
 * gateway lets through, reading stops and the connection is closed.
 */
async function countedBytes(request: Request): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  const reader = request.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    total += part.value.byteLength;
    if (total > gatewayLimitBytes) {
      await reader?.cancel();
      break;
    }
    if (total <= bodyLimitBytes) {
      chunks.push(part.value);
    }
  }
  if (total > bodyLimitBytes) {
    throw tooLarge();
  }
  return Buffer.concat(chunks);
}

function tooLarge(): HttpError {
  return new HttpError(413, "payload_too_large", `The body must be at most ${bodyLimitBytes} bytes`);
}
