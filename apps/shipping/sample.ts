import type * as z from "zod";
import type { shipmentBody } from "./contract";

/** A valid body of each write route of shipping, by route id. */
export const shippingSamples = {
  "put-shipment": {
    destination: "DE",
    recipient: "Ada",
    address: ["1 Example Street"],
    city: "Berlin",
    weightGrams: 540,
    speed: "standard",
    status: "created",
  },
} satisfies Readonly<Record<string, z.input<typeof shipmentBody>>>;
