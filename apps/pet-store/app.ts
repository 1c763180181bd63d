import { type App, type AppDependencies, serviceApp } from "../kit/app";
import { getOrNotFound, paging } from "../kit/repository";
import { type Pet, petStore } from "./contract";

/** Makes the HTTP app of the pet store. */
export function createApp(dependencies: AppDependencies<Pet>): App {
  const { items } = dependencies;
  return serviceApp(petStore, dependencies, {
    "put-pet": ({ params, body }) => items.put({ ...body, id: params.id }),
    "get-pet": ({ params }) => getOrNotFound(items, params.id),
    "list-pets": ({ query }) =>
      items.list({ index: "by-species", key: "species", value: query.species, ...paging(query) }),
  });
}
