import { type Food, foodStore } from "../../apps/food-store/contract";
import { type AppDependencies, serviceApp } from "../../apps/kit/app";
import type { Throttle } from "../../apps/kit/contract";

// Checked by the type check, never run: each line below an expected error must stay one.
export function apps(dependencies: AppDependencies<Food>, food: Food) {
  const answers = {
    "put-food": async () => food,
    "get-food": async () => food,
    "list-foods": async () => ({ items: [food] }),
    "export-foods": async function* () {
      yield food;
    },
  };
  serviceApp(foodStore, dependencies, answers);
  const { "list-foods": _, ...fewer } = answers;
  // @ts-expect-error a route of the contract without a handler
  serviceApp(foodStore, dependencies, fewer);
  serviceApp(foodStore, dependencies, {
    ...answers,
    // @ts-expect-error a handler whose answer is not the contract's
    "get-food": async () => ({ id: "a" }),
  });
  serviceApp(foodStore, dependencies, {
    ...answers,
    // @ts-expect-error a parameter the path does not have
    "get-food": async ({ params }) => ({ ...food, id: params.name }),
  });
  serviceApp(foodStore, dependencies, {
    ...answers,
    // @ts-expect-error a field the body does not have
    "put-food": async ({ body }) => ({ ...food, name: body.title }),
  });
  serviceApp(foodStore, dependencies, {
    ...answers,
    // @ts-expect-error a route that streams whose handler answers at once
    "export-foods": async () => food,
  });
}

// @ts-expect-error a throttle without a burst
export const throttle: Throttle = { rate: 1 };
