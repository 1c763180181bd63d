import type { IncomingMessage, ServerResponse } from "node:http";
import { brotliCompressSync, constants } from "node:zlib";
import type { GraphIndex } from "../../graph/model";
import { projectRoot } from "../../graph/project-root";
import type { EndedRequest } from "../apigateway/ended-request";
import type { UsagePlans } from "../apigateway/rest/usage-plans";
import { signIn } from "../cognito/sign-in";
import { refusalOf } from "../drills/control-api";
import type { Drills } from "../drills/drills";
import { isLoopbackHost } from "../ports/hosts";
import type { LogSink } from "../processes/lines";
import type { PlatformState } from "../state/platform-state";
import type { Workloads } from "../workloads";
import { type AppFile, AppFiles } from "./app-files";
import { Journal } from "./journal";
import { Queries } from "./queries";
import { ConsoleStream } from "./stream";
import { type GatewayKind, Traces } from "./traces";
import { Traffic } from "./traffic";
import { consoleView } from "./view";

/** Options of `Console`. */
export interface ConsoleOptions {
  /** The plan that runs, with what runs of it so far. */
  readonly parts: () => {
    readonly index: GraphIndex;
    readonly workloads: Pick<Workloads, "serviceAt"> | undefined;
    readonly usagePlans: ReadonlyMap<string, UsagePlans>;
  };
  readonly state: () => PlatformState;
  /** What can fail, what fails, and the API that changes it. */
  readonly drills: Drills;
  /** Whether traces are kept. @default true */
  readonly traces?: boolean;
}

/** Nothing but the page's own files runs in it; no other page may show it inside of itself. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");
const common = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};
/** User name of who tries requests by the page. */
const consoleUser = "console";
const pagePrefix = "/_platform/page/";

/** The console: a page that shows the platform while it runs, and what the page asks for. */
export class Console {
  readonly journal = new Journal();
  readonly traces = new Traces();
  private readonly traffic = new Traffic();
  private readonly queries: Queries;
  private readonly stream: ConsoleStream;
  private readonly files = new AppFiles(projectRoot);
  private readonly compressed = new WeakMap<AppFile, Buffer>();
  private readonly services = new Map<string, string>();
  private checked: ReadonlySet<string> | undefined;

  constructor(private readonly options: ConsoleOptions) {
    const { state, drills } = options;
    this.queries = new Queries({ journal: this.journal, traces: this.traces, planned: options.parts });
    const isLost = (zone: string) => drills.planes.isLost(zone);
    const outages = { fault: (region: string) => drills.reach.fault(region), isLost };
    const view = () => consoleView(state(), { ...outages, faults: drills.board.list, drills: drills.marks.list });
    this.stream = new ConsoleStream({ view, traffic: this.traffic, journal: this.journal });
  }

  /** Counts a request that has ended at a gateway, and keeps it with its trace. */
  record = (at: { readonly region: string; readonly kind: GatewayKind }, request: EndedRequest): void => {
    const { path, status, milliseconds } = request;
    if (this.isProbe(path)) return;
    const service = this.serviceOf(request);
    if (this.options.traces ?? true) this.traces.addRequest({ ...at, service, request });
    // Calls between services are a part of the request that they serve.
    if (at.kind !== "private") this.traffic.record({ region: at.region, service, status, milliseconds });
  };

  /** Returns what counts requests to a region while it is lost: no gateway has seen them. */
  lostIn(region: string) {
    return (path: string, milliseconds: number): void => {
      if (this.isProbe(path)) return;
      const [, first = ""] = path.split("/", 2);
      const known = this.options.state().workloads.some(({ service }) => service === first);
      this.traffic.record({ region, service: known ? first : "", status: 0, milliseconds });
    };
  }

  /** Health checks of names are no requests of clients; what they find is shown as such. */
  private isProbe(path: string): boolean {
    this.checked ??= checkedPaths(this.options.parts().index);
    return this.checked.has(path);
  }

  /** Returns a sink that keeps the last lines of what it passes on, and those of traces. */
  keeping(log: LogSink): LogSink {
    const kept = this.journal.keeping(log);
    return (this.options.traces ?? true) ? this.traces.keeping(kept) : kept;
  }

  /** Answers a request that is one of the console; returns false for any other. */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    const { method, headers } = request;
    const [path = "", query = ""] = (request.url ?? "").split("?", 2);
    const page = path === "/" && method === "GET" && headers.accept?.includes("text/html");
    if (!page && !path.startsWith("/_platform/")) return false;
    // The names of the plan lead to its APIs.
    if (!isLoopbackHost(headers.host ?? "")) return false;
    if (page) void this.sendFile("index.html", request, response);
    else if (path.startsWith(pagePrefix)) void this.sendFile(path.slice(pagePrefix.length), request, response);
    else if (path === "/_platform/state") sendJson(response, 200, this.options.state());
    else if (path === "/_platform/stream" && method === "GET") this.stream.open(request, response);
    else if (path === "/_platform/sign-in" && method === "POST") void this.signIn(request, response);
    else if (!this.options.drills.handle(request, response))
      this.answerQuery(path, method === "GET" ? query : undefined, response);
    return true;
  }

  /** Gives the page a token of a user who is in all groups, for the requests that people try with it. */
  private async signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = refusalOf(request, this.options.drills.token);
    request.resume();
    if (refusal !== undefined) return sendJson(response, 403, { message: refusal });
    try {
      const issuerUrl = this.options.state().endpoints?.issuer ?? "";
      const { accessToken } = await signIn({ issuerUrl, user: consoleUser, groups: "all" });
      sendJson(response, 200, { accessToken });
    } catch (error) {
      sendJson(response, 503, { message: (error as Error).message });
    }
  }

  private answerQuery(path: string, query: string | undefined, response: ServerResponse): void {
    const name = path.slice("/_platform/".length);
    const answer = query === undefined ? undefined : this.queries.answer(name, new URLSearchParams(query));
    if (answer === undefined) sendJson(response, 404, { message: "Not Found" });
    else sendJson(response, 200, answer);
  }

  stop(): void {
    this.stream.stop();
  }

  /** Returns the service that a request led to; empty where it led to none. */
  private serviceOf({ uri, route = "" }: EndedRequest): string {
    if (uri === undefined) return firstSegment(route);
    let known = this.services.get(uri);
    if (known === undefined) {
      // A function of the platform, whose name begins with a region, passes requests on.
      const service = this.options.parts().workloads?.serviceAt(uri) ?? "";
      known = /^[a-z]+-[a-z]+-\d-/.test(service) ? "" : service;
      this.services.set(uri, known);
    }
    return known === "" ? firstSegment(route) : known;
  }

  private async sendFile(path: string, { headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const file = await this.files.get(path);
      if (file === undefined) return sendJson(response, 404, { message: "Not Found" });
      const { type } = file;
      const page = path === "index.html";
      const head = { ...common, "content-type": type, ...(page ? { "content-security-policy": policy } : {}) };
      if (page)
        return send(
          response,
          200,
          head,
          Buffer.from(file.contents.toString().replace("CONSOLE_TOKEN", this.options.drills.token)),
        );
      const zipped = /\bbr\b/.test(String(headers["accept-encoding"]));
      const contents = zipped ? this.zip(file) : file.contents;
      // Their names have a hash of their contents.
      const kept = { "cache-control": "private, max-age=31536000, immutable" };
      send(response, 200, { ...head, ...kept, ...(zipped ? { "content-encoding": "br" } : {}) }, contents);
    } catch (error) {
      send(
        response,
        500,
        { ...common, "content-type": "text/plain; charset=utf-8" },
        Buffer.from((error as Error).message),
      );
    }
  }

  private zip(file: AppFile): Buffer {
    const known = this.compressed.get(file);
    if (known !== undefined) return known;
    const zipped = brotliCompressSync(file.contents, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
    this.compressed.set(file, zipped);
    return zipped;
  }
}

/** Paths that Route 53's health checks ask for. */
function checkedPaths(index: GraphIndex): ReadonlySet<string> {
  const checks = index.ofType("aws:route53/healthCheck:HealthCheck");
  return new Set(checks.flatMap(({ outputs }) => outputs["resourcePath"] ?? []));
}

/** @example firstSegment("GET /food-store/foods/{id}") // "food-store" */
function firstSegment(route: string): string {
  return route.split("/", 2)[1] ?? "";
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, { ...common, "content-type": "application/json" }, Buffer.from(JSON.stringify(value)));
}

function send(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>, body: Buffer): void {
  response.writeHead(status, { ...headers, "content-length": body.length });
  response.end(body);
}
