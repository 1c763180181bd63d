import type { Graph } from "../../../graph/model";
import type { ConfigOf } from "../../../policy/pack/policies";
import type { Rule } from "../../../policy/pack/rule";
import { rules } from "../../../policy/rules";
import { Stack } from "../../../policy/stack/stack";
import { checkOne, rawOf } from "../direct";
import { breaks } from "./breaks-data";
import { type Mutant, mutantsOf } from "./edit";

export interface Score {
  readonly mutants: number;
  readonly killed: number;
  readonly survivors: readonly Omit<Mutant, "graph">[];
}

const alone = rules.filter(({ scope }) => scope === "resource");
const together = rules.filter(({ scope }) => scope !== "resource");

/** Breaks one property at a time and counts how often the pack says something it did not say before. */
export function measure(graph: Graph, configOf: ConfigOf): Score {
  const raw = rawOf(graph);
  const sound = new Stack(raw);
  const before = new Set(rules.flatMap((rule) => checkOne(rule, sound, configOf)));
  const speaks = (own: readonly Rule[], stack: Stack) =>
    own.some((rule) =>
      checkOne(rule, stack, configOf).some((one) => !before.has(one) && !one.includes("Not evaluated: ")),
    );
  const isNoticed = ({ urn, graph: changed }: Mutant) => {
    // Most breaks show on the resource itself, which saves looking at all the others.
    const itself = changed.resources.filter((one) => one.urn === urn || one.type === "pulumi:providers:aws");
    return (
      speaks(alone, new Stack(rawOf({ ...changed, resources: itself }))) || speaks(together, new Stack(rawOf(changed)))
    );
  };
  const survivors: Omit<Mutant, "graph">[] = [];
  let mutants = 0;
  for (const resource of graph.resources) {
    for (const [path, changes] of Object.entries(breaks[resource.type] ?? {})) {
      for (const mutant of changes.flatMap((change) => mutantsOf(graph, resource, path, change))) {
        mutants++;
        const { graph: _, ...facts } = mutant;
        if (!isNoticed(mutant)) survivors.push(facts);
      }
    }
  }
  return { mutants, killed: mutants - survivors.length, survivors };
}
