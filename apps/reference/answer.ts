import { corsHeaders } from "../kit/cors";
import type { PublishedFile } from "./published-files";

/** The fields of an event of API Gateway that decide on the answer: payload 2.0 of an HTTP API, 1.0 of a REST API. */
export interface ReferenceEvent {
  readonly version?: string;
  /** Of payload 2.0. @example "GET /docs/{file}" */
  readonly routeKey?: string;
  /** Of payload 1.0. @example "/docs/{file}" */
  readonly resource?: string;
  readonly pathParameters?: Readonly<Record<string, string | undefined>> | null;
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
}

/** An answer as both payloads have it. */
export interface ReferenceAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** Files by their path, and the origins whose pages may read them. */
export interface Published {
  readonly files: ReadonlyMap<string, PublishedFile>;
  readonly corsOrigins: readonly string[];
}

/**
 * Answers a request for a document or a part of the page: 200, or 304 when the client has it as it is. An HTTP API gets
 * it compressed; a REST API passes on text only.
 */
export function answer({ files, corsOrigins }: Published, event: ReferenceEvent): ReferenceAnswer {
  const isHttp = event.version === "2.0";
  const sent = Object.fromEntries(
    Object.entries(event.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const cors = corsHeaders(corsOrigins, sent["origin"]);
  const file = files.get(fileOf(event, isHttp ? "http" : "rest"));
  if (file === undefined) return text(404, { ...cors, "content-type": "application/json" }, '{"message":"Not Found"}');
  const headers = { ...cors, ...file.headers };
  if (isSame(sent["if-none-match"], file.headers["etag"]!)) return text(304, headers, "");
  if (!isHttp || !takesGzip(sent["accept-encoding"])) return text(200, headers, file.body.toString());
  return {
    statusCode: 200,
    headers: { ...headers, "content-encoding": "gzip" },
    body: file.gzipped().toString("base64"),
    isBase64Encoded: true,
  };
}

/** Returns the path of the file that a route leads to. */
function fileOf({ routeKey, resource, pathParameters }: ReferenceEvent, gateway: "http" | "rest"): string {
  const path = resource ?? routeKey?.slice(routeKey.indexOf(" ") + 1) ?? "";
  if (path === "/docs") return "docs/index.html";
  return path === "/docs/{file}" ? `docs/${pathParameters?.["file"]}` : `${gateway}${path}`;
}

function isSame(ifNoneMatch: string | undefined, etag: string): boolean {
  return (ifNoneMatch ?? "").split(",").some((each) => each.trim() === etag);
}

function takesGzip(accepted = ""): boolean {
  return accepted.split(",").some((each) => {
    const [coding, ...parameters] = each.toLowerCase().replaceAll(" ", "").split(";");
    return coding === "gzip" && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

function text(statusCode: number, headers: Readonly<Record<string, string>>, body: string): ReferenceAnswer {
  return { statusCode, headers, body, isBase64Encoded: false };
}
