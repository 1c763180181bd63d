import { packFacts, waiversFacts } from "../pack/own-policies";
import type { RuleFacts } from "../pack/rule";
import { rules } from "../rules";

/** Facts of every policy of the pack by its name: the rules, and the two policies about the pack itself. */
export const factsByName: ReadonlyMap<string, RuleFacts> = new Map(
  [...rules, packFacts, waiversFacts].map((facts) => [facts.name, facts]),
);
