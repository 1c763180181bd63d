import { type App, type AppDependencies, serviceApp } from "../kit/app";
import { existing, paging } from "../kit/repository";
import { type Shipment, shipping } from "./contract";

export function createApp(dependencies: AppDependencies<Shipment>): App {
  const { items } = dependencies;
  return serviceApp(shipping, dependencies, {
    "put-shipment": ({ params, body }) => items.put({ ...body, id: params.id }),
    "get-shipment": ({ params }) => existing(items, params.id),
    "list-shipments": ({ query }) =>
      items.list({ index: "by-destination", key: "destination", value: query.destination, ...paging(query) }),
  });
}
