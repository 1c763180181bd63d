import { z } from "zod";
import { domainName } from "./formats";

/** Schema of the WebSocket API of an environment. */
export const liveSchema = z
  .strictObject({
    domain: domainName.describe(
      "Name that clients open connections at, inside the zone, of 64 characters at most. Each region has one below it.",
    ),
  })
  .optional()
  .describe(
    "A WebSocket API in each region, at which people who are signed in see changes of items as they happen, of every service that publishes them. It costs by message and minute of connection. Without it there is none.",
  );
