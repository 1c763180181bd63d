import { UserError } from "../../graph/user-error";

/** What a drill is at. `done` and `failed` are its end. */
export const drillPhases = ["load", "fault", "recovery", "done", "failed"] as const;
/** What a drill is at. */
export type DrillPhase = (typeof drillPhases)[number];

/** A drill that something runs against the platform, for who watches it. Times are ISO 8601. */
export interface DrillMark {
  readonly id: string;
  /** @example "zone eu-west-1a, silence" */
  readonly title: string;
  readonly phase: DrillPhase;
  readonly begunAt: string;
  /** When each later phase began. */
  readonly phases: readonly { readonly phase: DrillPhase; readonly at: string }[];
  readonly endedAt?: string;
  /** As `npm run drill -- … --json` prints it. */
  readonly report?: unknown;
}

const remembered = 20;
const longestTitle = 200;

/** The latest drills. A drill is no fault by itself: what runs it begins these too. */
export class DrillMarks {
  private readonly marks: DrillMark[] = [];
  private count = 0;

  get list(): readonly DrillMark[] {
    return this.marks;
  }

  /** @throws {UserError} without a title */
  add({ title }: { readonly title?: unknown }): DrillMark {
    if (typeof title !== "string" || title === "" || title.length > longestTitle) {
      throw new UserError(`title must be a text of 1 to ${longestTitle} characters, got ${JSON.stringify(title)}`);
    }
    const begunAt = new Date().toISOString();
    const mark: DrillMark = { id: `drill-${++this.count}`, title, phase: "load", begunAt, phases: [] };
    this.marks.push(mark);
    if (this.marks.length > remembered) this.marks.shift();
    return mark;
  }

  /** Says what a drill is at now. @throws {UserError} on an id that no drill has, and on an unknown phase */
  move(id: string, { phase, report }: { readonly phase?: unknown; readonly report?: unknown }): DrillMark {
    const at = this.marks.findIndex((each) => each.id === id);
    if (at < 0) throw new UserError(`no drill has the id ${id}; begin one first`);
    const known = drillPhases.find((each) => each === phase);
    if (known === undefined) {
      throw new UserError(`phase must be one of ${drillPhases.join(", ")}, got ${JSON.stringify(phase)}`);
    }
    const now = new Date().toISOString();
    const before = this.marks[at]!;
    this.marks[at] = {
      ...before,
      phase: known,
      phases: [...before.phases, { phase: known, at: now }],
      ...(known === "done" || known === "failed" ? { endedAt: now } : {}),
      ...(report === undefined ? {} : { report }),
    };
    return this.marks[at]!;
  }
}
