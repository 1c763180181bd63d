import type { IncomingMessage, ServerResponse } from "node:http";
import type { RunningGateway } from "../apigateway/gateway";
import type { FaultKind } from "./relay";

/** Whether and how a region cannot be reached at the moment. */
export interface Reach {
  /** @returns undefined while the region is reached */
  fault(region: string): FaultKind | undefined;
  /** URL at which nothing is ever answered. */
  silentUrl(): string;
}

/** Returns the URL at which a checker finds a gateway now; undefined where it finds none. */
export function urlWithin(reach: Reach | undefined, region: string, url: string | undefined): string | undefined {
  const kind = reach?.fault(region);
  if (kind === undefined) return url;
  return kind === "hang" ? reach!.silentUrl() : undefined;
}

/**
 * Returns the gateway that a client meets now: one that breaks the connection, or never answers, while the region is lost.
 * @param lost  gets each request that it does not answer, when its connection has closed
 */
export function gatewayWithin(
  reach: Reach | undefined,
  region: string,
  gateway: RunningGateway,
  lost: (path: string, milliseconds: number) => void,
): RunningGateway {
  const kind = reach?.fault(region);
  if (kind === undefined) return gateway;
  return {
    ...gateway,
    handle: (req: IncomingMessage, res: ServerResponse) => {
      const startedAt = performance.now();
      const [path = ""] = (req.url ?? "").split("?", 1);
      res.once("close", () => lost(path, performance.now() - startedAt));
      if (kind === "hang") req.resume();
      else req.socket.resetAndDestroy();
    },
    ...(gateway.upgrade && {
      upgrade: (req: IncomingMessage) => {
        if (kind !== "hang") req.socket.resetAndDestroy();
      },
    }),
  };
}
