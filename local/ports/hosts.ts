import type { IncomingMessage } from "node:http";

/**
 * A Host header that names this machine: loopback, with or without a port. Names below localhost are reserved for it, so that
 * no page of another site has one (RFC 6761).
 */
const loopback = /^(?:127\.0\.0\.1|(?:[a-z0-9-]+\.)*localhost|\[::1\])(?::\d*)?$/i;

/** Tells whether a Host header names this machine. */
export function isLoopbackHost(host: string): boolean {
  return loopback.test(host);
}

/**
 * Returns the name in a Host header, without port and in lower case.
 * @example hostName("API.example.com.:443") // "api.example.com."
 * @example hostName("[::1]:80") // "[::1]"
 */
export function hostName(host: string): string {
  return host.replace(/:\d*$/, "").toLowerCase();
}

/**
 * Tells whether a request may be answered: it has one Host header, which names this machine or a planned name. A page of
 * another site can make its own name lead to 127.0.0.1 (DNS rebinding), and its requests then have that name as Host.
 * Every server of the platform that a browser can reach asks this and answers 403 otherwise.
 * @param planned  names of the plan, in lower case
 */
export function isAllowedHost(req: IncomingMessage, planned: { has(name: string): boolean }): boolean {
  const { host } = req.headers;
  if (host === undefined || countHosts(req) !== 1) return false;
  return isLoopbackHost(host) || planned.has(hostName(host));
}

/** Counts the Host headers of a request, of which `headers` has the first only. */
function countHosts({ rawHeaders }: IncomingMessage): number {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]!.length === 4 && rawHeaders[i]!.toLowerCase() === "host") count++;
  }
  return count;
}
