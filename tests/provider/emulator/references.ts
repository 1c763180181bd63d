import { isNamed } from "../terraform/names";
import { renamedArgument } from "../terraform/types";

/** Ids and names shorter than this stand for too many things to be exchanged wherever they occur. */
const SHORTEST = 8;

/** What the emulator made of the plan's made-up ids, ARNs and names. */
export class References {
  private readonly made = new Map<string, string>();
  private pattern: RegExp | undefined;

  /**
   * Learns a resource's values: each of the plan's that is not an input, and the state's of the same name. A value that
   * the state has as it is, such as a name that the plan also takes for the id, stays.
   */
  learn(type: string, planned: any, inputs: any, state: any): void {
    const kept = new Set(Object.values(state ?? {}));
    for (const [key, value] of Object.entries(planned ?? {})) {
      const name = Object.keys(state ?? {}).find((each) => isNamed(key, each) || renamedArgument(type, key) === each);
      if (name !== undefined && !kept.has(value)) this.learnValue(value, inputs?.[key], state[name]);
    }
  }

  private learnValue(planned: any, input: any, made: any): void {
    if (typeof planned === "string" && typeof made === "string") {
      if (planned !== input && planned !== made && planned.length >= SHORTEST) this.add(planned, made);
      return;
    }
    const [one, other] = [Array.isArray(planned) ? planned[0] : planned, Array.isArray(made) ? made[0] : made];
    if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return;
    this.learn("", one, Array.isArray(input) ? input[0] : input, other);
  }

  private add(planned: string, made: string): void {
    this.made.set(planned, made);
    this.pattern = undefined;
  }

  /** The same value with what the emulator made in place of what the plan made up. */
  exchange(value: any): any {
    if (this.made.size === 0) return value;
    if (typeof value === "string") return value.replace(this.allOf(), (planned) => this.made.get(planned)!);
    if (Array.isArray(value)) return value.map((each) => this.exchange(each));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [this.exchange(key), this.exchange(each)]));
  }

  /** The longest first: an ARN holds an id. */
  private allOf(): RegExp {
    const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const longestFirst = [...this.made.keys()].sort((a, b) => b.length - a.length);
    this.pattern ??= new RegExp(longestFirst.map(literal).join("|"), "g");
    return this.pattern;
  }
}
