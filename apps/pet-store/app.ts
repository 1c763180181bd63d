import { type App, serviceApp } from "../kit/app";
import type { BucketDependencies } from "../kit/objects";
import { getOrNotFound, paging } from "../kit/repository";
import { type Pet, petStore } from "./contract";
import { recordsIn } from "./records";

/** Makes the HTTP app of the pet store. */
export function createApp(dependencies: BucketDependencies<Pet>): App {
  const { items, objects } = dependencies;
  const records = recordsIn(objects);
  return serviceApp(petStore, dependencies, {
    "put-pet": ({ params, body }) => items.put({ ...body, id: params.id }),
    "get-pet": ({ params }) => getOrNotFound(items, params.id),
    "list-pets": ({ query }) =>
      items.list({ index: "by-species", key: "species", value: query.species, ...paging(query) }),
    "store-record": async ({ params, body }) => {
      await getOrNotFound(items, params.id);
      return records.store({ ...body, id: params.id });
    },
    "get-record": ({ params }) => records.get(params.id),
    "delete-record": ({ params }) => records.delete(params.id),
    "make-record-list": () => records.makeList(),
    "note-record": () => records.makeList(),
    "get-record-list": () => records.list(),
  });
}
