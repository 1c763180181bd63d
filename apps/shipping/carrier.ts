import * as z from "zod";
import { HttpError } from "../kit/errors";
import type { OwnSettings } from "../kit/own-settings";
import type { itemId } from "../kit/schemas";
import { tracking } from "./contract";

/** Time that the carrier has to answer, within the 10 s of a request. */
const timeoutMilliseconds = 4_000;
const maxBytes = 65_536;
const carrierAnswer = z.object({ status: z.string(), place: z.string().optional() });

/** Returns the service of the carrier, at the URL in CARRIER_URL, which asks for the key in CARRIER_KEY. */
export function carrierAt({ variables, secret }: OwnSettings) {
  return {
    /** Asks where a shipment is. @throws {HttpError} 503 `carrier_unavailable` when the carrier gives no valid answer */
    async track(id: z.output<typeof itemId>): Promise<z.output<typeof tracking>> {
      const key = await secret("CARRIER_KEY");
      try {
        const answer = await fetch(`${variables["CARRIER_URL"]}/shipments/${encodeURIComponent(id)}`, {
          headers: { authorization: `Bearer ${key}` },
          redirect: "error",
          signal: AbortSignal.timeout(timeoutMilliseconds),
        });
        if (!answer.ok) throw new Error(`the carrier answered ${answer.status}`);
        const text = await answer.text();
        if (text.length > maxBytes) throw new Error(`the carrier's answer is over ${maxBytes} characters`);
        return tracking.parse({ id, ...carrierAnswer.parse(JSON.parse(text)) });
      } catch (error) {
        throw new HttpError(503, "carrier_unavailable", "The carrier did not answer; try again", error);
      }
    },
  };
}
