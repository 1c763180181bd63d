import { setTimeout as sleep } from "node:timers/promises";
import { shown } from "../ask";
import type { Check, Session } from "../check";
import { definitionOf, pathOf, storyOf } from "../story";
import type { Door, Target } from "../target";
import { itemsCanBeStored, whyNotRemovable } from "./writes";

const arrivalMilliseconds = 20_000;
const pollMilliseconds = 500;
const stores = { service: "food-store", route: "put-food" } as const;
const quotes = { service: "price-calculator", route: "put-quote" } as const;

/**
 * A price that is changed in the food store reaches the quotes of the price calculator, by the change that the store publishes:
 * a quote keeps a price for minutes otherwise. Left out where an environment turns one of the routes off.
 */
export function changeChecks(target: Target, door: Door): Check[] {
  const [food, quote] = [stores, quotes].map(({ service, route }) => {
    const found = target.expected.services.find(({ name }) => name === service);
    const story = found && storyOf(found);
    return { story, write: story?.writes.find((each) => each.route.id === route) };
  });
  if (food?.write === undefined || quote?.write === undefined) return [];
  if (!itemsCanBeStored(target, quote.story!, quote.write)) return [];
  const routes = { food: food.write.route, quote: quote.write.route };
  return [
    {
      id: `change/${door.label}/${quotes.service}/${quotes.route}`,
      expected: `a price that is changed by PUT ${routes.food.path} is quoted within ${arrivalMilliseconds / 1_000} s`,
      run: (session) => new Change(target, door, routes, session).run(),
    },
  ];
}

type Route = Parameters<typeof pathOf>[0] & { readonly scopes: readonly string[] };

/** One food whose price changes. */
class Change {
  private readonly id: string;

  constructor(
    private readonly target: Target,
    private readonly door: Door,
    private readonly routes: { readonly food: Route; readonly quote: Route },
    private readonly session: Session,
  ) {
    this.id = `${session.items.idFor(door.label)}-price`;
  }

  async run(): Promise<string | undefined> {
    for (const { service } of [stores, quotes]) {
      const unremovable = await whyNotRemovable(this.target, service, this.id);
      if (unremovable !== undefined) return unremovable;
    }
    const [before, after] = [101, 202];
    const refused = (await this.price(before)) ?? (await this.quoteUntil(before)) ?? (await this.price(after));
    return refused ?? this.quoteUntil(after);
  }

  /** Stores the food at a price. @returns what was answered instead of 200 */
  private async price(amount: number): Promise<string | undefined> {
    const { sample } = definitionOf(stores.service, stores.route);
    const answer = await this.put(stores.service, this.routes.food, { ...sample, price: { amount } });
    return answer.status === 200 ? undefined : shown(answer);
  }

  /** Quotes the food until its price is as it must be. @returns what was answered last, when it never is */
  private async quoteUntil(amount: number): Promise<string | undefined> {
    const body = { taxPercent: 0, lines: [{ kind: "food", id: this.id, quantity: 1 }] };
    const deadline = Date.now() + arrivalMilliseconds;
    for (;;) {
      const answer = await this.put(quotes.service, this.routes.quote, body);
      const { subtotal } = (answer.json ?? {}) as { subtotal?: { amount: number } };
      if (answer.status === 200 && subtotal?.amount === amount) return undefined;
      if (Date.now() >= deadline) return `${shown(answer)} when the price is ${amount}`;
      await sleep(pollMilliseconds, undefined, { signal: this.session.signal });
    }
  }

  private async put(service: string, route: Route, body: object) {
    const { session, door, id } = this;
    const path = pathOf(route, id);
    const token = await session.token(route.scopes);
    if (!session.items.all.some((item) => item.service === service && item.id === id)) {
      session.items.add({ service, id, door: door.label, path, part: "price" });
    }
    return session.ask(door, { method: "PUT", path, token, body });
  }
}
