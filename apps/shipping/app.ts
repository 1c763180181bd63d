import type * as z from "zod";
import { type App, serviceApp } from "../kit/app";
import { HttpError } from "../kit/errors";
import type { TableDependencies } from "../kit/key-table";
import type { OwnSettingsDependencies } from "../kit/own-settings";
import { getOrNotFound, paging } from "../kit/repository";
import { carrierAt } from "./carrier";
import { type Pickup, type rates, type Shipment, shipping, type shippingTables } from "./contract";

/** What the carriers ask of us, by contract; it changes once a year. */
const carrierRates: z.output<typeof rates> = {
  currency: "EUR",
  rates: [
    { speed: "standard", toGrams: 5_000, cents: 549 },
    { speed: "standard", toGrams: 30_000, cents: 1_099 },
    { speed: "standard", toGrams: 70_000, cents: 2_499 },
    { speed: "express", toGrams: 5_000, cents: 1_299 },
    { speed: "express", toGrams: 30_000, cents: 2_199 },
  ],
};

/** Heaviest parcel that carriers take at express speed. */
const maxExpressGrams = 30_000;

/** What the app is given by its adapter. */
type ShippingDependencies = OwnSettingsDependencies<Shipment> & TableDependencies<keyof typeof shippingTables>;

/** Makes the HTTP app of the shipping service. */
export function createApp(dependencies: ShippingDependencies): App {
  const { items, settings, tables } = dependencies;
  const carrier = carrierAt(settings);
  return serviceApp(shipping, dependencies, {
    "get-pickup": async ({ params }) => {
      const found = await tables.pickups.get<Omit<Pickup, "id">>(params.id);
      if (found === undefined) throw new HttpError(404, "not_found", "There is no item with this id");
      return { ...found, id: params.id };
    },
    "store-pickup": async ({ body, messageId }) => {
      await tables.pickups.put(messageId, body);
      return { ...body, id: messageId };
    },
    "post-shipment": ({ newId, body }) => items.put(accepted({ ...body, id: newId })),
    "put-shipment": ({ params, body }) => items.put(accepted({ ...body, id: params.id })),
    "get-shipment": ({ params }) => getOrNotFound(items, params.id),
    "get-tracking": async ({ params }) => {
      const { id } = await getOrNotFound(items, params.id);
      return carrier.track(id);
    },
    "get-rates": async () => carrierRates,
    "list-shipments": ({ query }) =>
      items.list({ index: "by-destination", key: "destination", value: query.destination, ...paging(query) }),
  });
}

/** @throws {HttpError} 400 `too_heavy`, as carriers take heavy parcels at standard speed only */
function accepted(shipment: Shipment): Shipment {
  if (shipment.speed === "standard" || shipment.weightGrams <= maxExpressGrams) return shipment;
  throw new HttpError(400, "too_heavy", `body.weightGrams: must be at most ${maxExpressGrams} of an express shipment`);
}
