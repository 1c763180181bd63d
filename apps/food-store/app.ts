import { type App, type AppDependencies, serviceApp } from "../kit/app";
import { everyItem, getOrNotFound, paging } from "../kit/repository";
import { type Food, foodStore } from "./contract";

/** Makes the HTTP app of the food store. */
export function createApp(dependencies: AppDependencies<Food>): App {
  const { items } = dependencies;
  return serviceApp(foodStore, dependencies, {
    "put-food": ({ params, body }) => items.put({ ...body, id: params.id }),
    "get-food": ({ params }) => getOrNotFound(items, params.id),
    "list-foods": ({ query }) =>
      items.list({ index: "by-category", key: "category", value: query.category, ...paging(query) }),
    "export-foods": ({ query }) => everyItem(items, { index: "by-category", key: "category", value: query.category }),
  });
}
