import { byKey, type Operation, type Violation } from "./operation";

type Ended = Operation & { readonly end: number };

/**
 * Checks that each key behaves as one item in one place: that its operations can be put into an order in which each takes
 * effect between its start and its end, and each get reads the put before it. A put without an end takes effect at any
 * moment after its start, or never. Returns a violation for each key that does not.
 * @see Wing and Gong, Testing and Verifying Concurrent Objects, 1993
 */
export function checkLinearizable(history: readonly Operation[]): Violation[] {
  return [...byKey(history)].flatMap(([key, operations]) => {
    const what = whyNot(operations);
    return what === undefined ? [] : [{ key, what, history: operations }];
  });
}

function whyNot(operations: readonly Operation[]): string | undefined {
  const reads = new Set(operations.flatMap(({ kind, value }) => (kind === "get" ? [value] : [])));
  const ended = operations.filter((each): each is Ended => each.end !== undefined);
  // A put that was never read can take effect after everything else.
  const open = operations.filter(({ kind, end, value }) => kind === "put" && end === undefined && reads.has(value));
  const search = new Search(ended, open);
  if (search.run()) return undefined;
  const stuck = ended[search.furthest]!;
  const at = `${stuck.kind} of ${stuck.value}, which began at ${Math.round(stuck.start)} ms`;
  return `no order of its operations explains the ${at}`;
}

/** A search for an order, depth first, which visits no state twice. */
class Search {
  /** Number of operations in the order of their starts up to which an order was found. */
  furthest = 0;
  private readonly visited = new Set<string>();

  constructor(
    private readonly ended: readonly Ended[],
    private readonly open: readonly Operation[],
  ) {}

  run(): boolean {
    const stack: State[] = [{ first: 0, beyond: [], used: [], value: 0 }];
    for (let state = stack.pop(); state !== undefined; state = stack.pop()) {
      if (state.first === this.ended.length) return true;
      this.furthest = Math.max(this.furthest, state.first);
      const key = `${state.first};${state.beyond};${state.used};${state.value}`;
      if (this.visited.has(key)) continue;
      this.visited.add(key);
      stack.push(...this.following(state));
    }
    return false;
  }

  /** States after one more operation: any that began before each of those that are left ended. */
  private *following({ first, beyond, used, value }: State): Generator<State> {
    let soonest = Number.POSITIVE_INFINITY;
    const candidates: number[] = [];
    for (let i = first; i < this.ended.length && this.ended[i]!.start <= soonest; i++) {
      if (beyond.includes(i)) continue;
      candidates.push(i);
      soonest = Math.min(soonest, this.ended[i]!.end);
    }
    for (const [i, { start, value: stored }] of this.open.entries()) {
      if (start <= soonest && !used.includes(i)) yield { first, beyond, used: [...used, i], value: stored };
    }
    for (const i of candidates.filter((each) => this.ended[each]!.start <= soonest)) {
      const { kind, value: own } = this.ended[i]!;
      if (kind === "get" && own !== value) continue;
      yield advanced({ first, beyond: [...beyond, i].sort((a, b) => a - b), used, value: own });
    }
  }
}

/** Operations before `first` have taken effect, those of `beyond` as well, and of the open ones those of `used`. */
interface State {
  readonly first: number;
  readonly beyond: readonly number[];
  readonly used: readonly number[];
  readonly value: number;
}

function advanced({ first, beyond, ...rest }: State): State {
  let next = first;
  while (beyond.includes(next)) next++;
  return { first: next, beyond: beyond.filter((each) => each > next), ...rest };
}
