import { type App, serviceApp } from "../kit/app";
import type { OwnSettingsDependencies } from "../kit/own-settings";
import { getOrNotFound, paging } from "../kit/repository";
import { carrierAt } from "./carrier";
import { type Shipment, shipping } from "./contract";

/** Makes the HTTP app of the shipping service. */
export function createApp(dependencies: OwnSettingsDependencies<Shipment>): App {
  const { items, settings } = dependencies;
  const carrier = carrierAt(settings);
  return serviceApp(shipping, dependencies, {
    "put-shipment": ({ params, body }) => items.put({ ...body, id: params.id }),
    "get-shipment": ({ params }) => getOrNotFound(items, params.id),
    "get-tracking": async ({ params }) => {
      const { id } = await getOrNotFound(items, params.id);
      return carrier.track(id);
    },
    "list-shipments": ({ query }) =>
      items.list({ index: "by-destination", key: "destination", value: query.destination, ...paging(query) }),
  });
}
