/** Address of a VPC link's network interface: servers see it, never the client's. Here the gateway is on loopback. */
export const linkAddress = "127.0.0.1";

/** An answer of a load balancer itself. */
export interface BalancerPage {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

const pages = {
  none: [503, "503 Service Temporarily Unavailable"],
  broken: [502, "502 Bad Gateway"],
  connect: [504, "504 Gateway Time-out"],
} as const;

/** Why a load balancer answers itself: no target, a broken connection, or none in time. */
export type BalancerFailure = keyof typeof pages;

/** Returns the error page of an Application Load Balancer. */
export function balancerPage(failure: BalancerFailure): BalancerPage {
  const [status, title] = pages[failure];
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
  return { status, contentType: "text/html", body };
}
