import * as z from "zod";
import { defineService, readThrottle, writeThrottle } from "../kit/contract";
import { country, itemId, pageOf, pageParameters, text } from "../kit/schemas";

const fields = {
  destination: country,
  recipient: text(120),
  address: z.array(text(120)).min(1).max(4),
  postalCode: text(16).optional(),
  city: text(80),
  weightGrams: z.int().min(1).max(70_000),
  speed: z.enum(["standard", "express"]),
  status: z.enum(["created", "packed", "shipped", "delivered", "returned"]),
};

const newShipmentBody = z.strictObject(fields);
const shipmentBody = z.strictObject({ id: itemId.optional(), ...fields });
const shipment = z.strictObject({ id: itemId, ...fields });
/** A stored shipment. */
export type Shipment = z.output<typeof shipment>;

/** Schema of the body of `post-pickup`: where a carrier is to fetch parcels, and when. */
const pickupBody = z.strictObject({
  address: z.array(text(120)).min(1).max(4),
  city: text(80),
  day: z.iso.date(),
  parcels: z.int().min(1).max(1_000),
});
/** Schema of a stored pickup. */
const pickup = pickupBody.extend({ id: itemId });
/** A stored pickup. */
export type Pickup = z.output<typeof pickup>;
/** Tables in addition to that of the shipments. */
export const shippingTables = { pickups: { hashKey: "id" } } as const;

const sample = {
  destination: "DE",
  recipient: "Ada",
  address: ["1 Example Street"],
  city: "Berlin",
  weightGrams: 540,
  speed: "standard",
  status: "created",
};

/** Schema of where a shipment is, as its carrier says. */
export const tracking = z.strictObject({ id: itemId, status: text(60), place: text(120).optional() });

const rate = z.strictObject({ speed: fields.speed, toGrams: z.int(), cents: z.int() });
/** Schema of what a parcel costs by speed and weight. */
export const rates = z.strictObject({ currency: z.literal("EUR"), rates: z.array(rate) });

/** Contract of the shipping service, which stores shipments, lists them by destination country, and tracks them. */
export const shipping = defineService({
  name: "shipping",
  title: "Shipping",
  port: 8084,
  table: { hashKey: "id", indexes: [{ name: "by-destination", hashKey: "destination" }] },
  needs: {
    variables: {
      CARRIER_URL: { description: "Base URL of the carrier's API", default: "https://carrier.example.com" },
    },
    secrets: { CARRIER_KEY: { description: "Key that the carrier's API asks for" } },
    egress: ["carrier.example.com"],
    tables: shippingTables,
  },
  work: {
    "post-pickup": {
      method: "POST",
      path: "/shipping/pickups",
      summary: "Takes on that parcels be fetched, also while the service is away; the pickup has the id of the message",
      access: "write",
      throttle: writeThrottle,
      body: pickupBody,
      sample: { address: ["1 Example Street"], city: "Berlin", day: "2026-12-01", parcels: 3 },
      route: "store-pickup",
      result: { route: "get-pickup", table: "pickups" },
    },
  },
  routes: {
    "put-shipment": {
      method: "PUT",
      path: "/shipping/shipments/{id}",
      summary: "Stores a shipment, or replaces the whole of the one with this id",
      access: "write",
      throttle: writeThrottle,
      body: shipmentBody,
      sample,
      answer: shipment,
    },
    "get-shipment": {
      method: "GET",
      path: "/shipping/shipments/{id}",
      summary: "Reads one shipment",
      access: "open",
      throttle: readThrottle,
      answer: shipment,
    },
    "get-tracking": {
      method: "GET",
      path: "/shipping/shipments/{id}/tracking",
      summary: "Asks the carrier where a shipment is",
      access: "open",
      throttle: writeThrottle,
      answer: tracking,
    },
    "list-shipments": {
      method: "GET",
      path: "/shipping/shipments",
      summary: "Lists the shipments to one country",
      access: "open",
      throttle: readThrottle,
      query: z.strictObject({ destination: country, ...pageParameters }),
      answer: pageOf(shipment),
    },
    "get-pickup": {
      method: "GET",
      path: "/shipping/pickups/{id}",
      summary: "Reads one pickup, when it has been stored",
      access: "open",
      throttle: readThrottle,
      answer: pickup,
    },
    "store-pickup": {
      method: "POST",
      path: "/shipping/work/pickups",
      summary: "Stores a pickup that a gateway has taken on",
      access: "platform",
      throttle: writeThrottle,
      body: pickupBody,
      answer: pickup,
    },
    "post-shipment": {
      method: "POST",
      path: "/shipping/shipments",
      summary: "Stores a shipment under a new id, once for each idempotency key, whichever region it is sent to",
      access: "write",
      throttle: writeThrottle,
      body: newShipmentBody,
      sample,
      answer: shipment,
      // A parcel that is sent twice costs more than an answer that has to wait for the home region.
      idempotency: { required: true, exact: true },
    },
    "get-rates": {
      method: "GET",
      path: "/shipping/rates",
      summary: "Reads the carriers' rates",
      access: "open",
      throttle: readThrottle,
      answer: rates,
      // The carriers find a request in their logs by it.
      legacy: { parameters: { "integration.request.header.x-correlation-id": "context.requestId" } },
    },
  },
});
