// Is compiled next to the client that the test generates, and not with the project.
import { createClient } from "./generated/client/index.js";
import { foodStoreGetFood, foodStoreListFoods, foodStorePutFood } from "./generated/index.js";
import type { FoodStorePutFoodData } from "./generated/types.gen.js";

const body: FoodStorePutFoodData["body"] = {
  name: "Apple",
  category: "orchard",
  weightGrams: 180,
  price: { amount: 120 },
  currency: "EUR",
};

/**
 * Stores a food with the generated client and reads it back.
 * @param url    base URL of the platform
 * @param token  access token with the scope food-store/write
 * @returns what each request was answered, in their order
 */
export async function story(url: string, token: string) {
  const path = { id: "generated-1" };
  const open = createClient({ baseUrl: url });
  const signedIn = createClient({ baseUrl: url, auth: token });
  const missing = await foodStoreGetFood({ client: open, path });
  const refused = await foodStorePutFood({ client: open, path, body });
  const stored = await foodStorePutFood({ client: signedIn, path, body });
  const read = await foodStoreGetFood({ client: open, path });
  const listed = await foodStoreListFoods({ client: open, query: { category: body.category } });
  const name: string | undefined = read.data?.name;
  const amounts: number[] | undefined = listed.data?.items.map(({ price }) => price.amount);
  return {
    statuses: [missing, refused, stored, read, listed].map(({ response }) => response?.status),
    ...{ missing: missing.error, stored: stored.data, name, amounts },
  };
}
