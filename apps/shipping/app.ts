import { type App, type AppDependencies, serviceApp } from "../kit/app";
import { getOrNotFound, paging } from "../kit/repository";
import { type Shipment, shipping } from "./contract";

/** Makes the HTTP app of the shipping service. */
export function createApp(dependencies: AppDependencies<Shipment>): App {
  const { items } = dependencies;
  return serviceApp(shipping, dependencies, {
    "put-shipment": ({ params, body }) => items.put({ ...body, id: params.id }),
    "get-shipment": ({ params }) => getOrNotFound(items, params.id),
    "list-shipments": ({ query }) =>
      items.list({ index: "by-destination", key: "destination", value: query.destination, ...paging(query) }),
  });
}
