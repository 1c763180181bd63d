import type { GraphIndex } from "../../graph/model";
import type { UsagePlans } from "../apigateway/rest/usage-plans";
import type { Journal, JournalLine } from "./journal";
import {
  type PlanResource,
  type PlanRoute,
  type PlanRow,
  planLimits,
  planResource,
  planRoutes,
  planRows,
  type RegionLimits,
} from "./planned";
import type { KeptTrace, TraceChoice, TraceLine, Traces } from "./traces";
import { type Span, waterfall } from "./waterfall";

/** A client's request in a list. */
export interface TraceSummary {
  readonly traceId: string;
  /** The gateway's id of the request. */
  readonly requestId: string;
  readonly region: string;
  /** `http` or `rest`. */
  readonly gateway: string;
  readonly method: string;
  readonly path: string;
  readonly service: string;
  /** 0 without a whole answer. */
  readonly status: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly ms: number;
}

/** One trace. */
export interface TraceView {
  readonly traceId: string;
  /** Undefined for one without a client's request, as of a schedule. */
  readonly request: TraceSummary | undefined;
  readonly spans: readonly Span[];
  readonly lines: readonly TraceLine[];
}

/** What a page may read, by path below `/_platform/`. */
export interface QueryAnswers {
  /** `?choice=recent|failed|slow&text=` */
  readonly traces: readonly TraceSummary[];
  /** `?id=`, of the trace or of a request; null when it is not known. */
  readonly trace: TraceView | null;
  /** `?of=lines|events&text=&before=`: the latest that match, the oldest first. */
  readonly lines: readonly JournalLine[];
  readonly plan: readonly PlanRow[];
  /** `?urn=`; null when there is none. */
  readonly resource: PlanResource | null;
  readonly routes: readonly PlanRoute[];
  readonly limits: readonly RegionLimits[];
}

/** What the answers are made from. */
export interface QuerySources {
  readonly journal: Journal;
  readonly traces: Traces;
  /** The plan that runs, and the keys of its REST APIs by region. */
  readonly planned: () => { readonly index: GraphIndex; readonly usagePlans: ReadonlyMap<string, UsagePlans> };
}

const choices: readonly TraceChoice[] = ["recent", "failed", "slow"];
const maxTraces = 100;
const maxLines = 200;

/** Answers what a page asks for. */
export class Queries {
  constructor(private readonly sources: QuerySources) {}

  /** @param name  path below `/_platform/` @returns undefined for a path that it does not have */
  answer(name: string, parameters: URLSearchParams): QueryAnswers[keyof QueryAnswers] | undefined {
    const { journal, traces, planned } = this.sources;
    const text = parameters.get("text") ?? "";
    switch (name) {
      case "traces": {
        const choice = choices.find((each) => each === parameters.get("choice")) ?? "recent";
        return traces.list(choice, text, maxTraces).map((trace) => summaryOf(trace)!);
      }
      case "trace": {
        const found = traces.find(parameters.get("id") ?? "");
        return found === undefined ? null : viewOf(found);
      }
      case "lines": {
        const before = Number(parameters.get("before") ?? Number.NaN);
        const kept = parameters.get("of") === "events" ? journal.events : journal.lines;
        return kept.search({ text, limit: maxLines, ...(before > 0 ? { before } : {}) });
      }
      case "plan":
        return planRows(planned().index);
      case "resource":
        return planResource(planned().index, parameters.get("urn") ?? "") ?? null;
      case "routes":
        return planRoutes(planned().index);
      case "limits":
        return planLimits(planned().index, planned().usagePlans);
      default:
        return undefined;
    }
  }
}

function summaryOf({ id: traceId, requests: [first] }: KeptTrace): TraceSummary | undefined {
  if (first === undefined) return undefined;
  const { region, kind: gateway, service, request } = first;
  const { id: requestId, method, path, status, startedAt, milliseconds } = request;
  const ms = Math.round(milliseconds * 10) / 10;
  return { traceId, requestId, region, gateway, method, path, service, status, startedAt, ms };
}

function viewOf(trace: KeptTrace): TraceView {
  return { traceId: trace.id, request: summaryOf(trace), spans: waterfall(trace), lines: trace.lines };
}
