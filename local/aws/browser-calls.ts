import type { IncomingMessage, ServerResponse } from "node:http";
import { isLoopbackHost } from "../ports/hosts";

const headers = {
  "access-control-allow-headers":
    "content-type,x-amz-target,x-amz-user-agent,amz-sdk-invocation-id,amz-sdk-request,cache-control",
  "access-control-allow-methods": "POST",
  "access-control-expose-headers": "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date",
};

/**
 * Lets the pages of this machine read answers. AWS lets those of any origin, as its users have accounts of their own; here
 * a page of another site would reach the platform of the person who opens it.
 * @returns whether the request is of such a page
 */
export function allowPages({ headers: { origin } }: IncomingMessage, res: ServerResponse): boolean {
  if (origin === undefined || !/^https?:\/\//.test(origin)) return false;
  if (!isLoopbackHost(origin.replace(/^https?:\/\//, ""))) return false;
  res.setHeader("access-control-allow-origin", origin);
  res.setHeader("vary", "Origin");
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  return true;
}
