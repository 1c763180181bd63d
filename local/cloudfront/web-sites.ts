import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type Graph, GraphIndex } from "../../graph/model";
import type { Access } from "../iam/access";
import { accountOf } from "../iam/account";
import { isAllowedHost } from "../ports/hosts";
import { LoopbackServer } from "../ports/loopback-server";
import { type Distribution, readDistributions } from "./distribution";
import { Edge } from "./edge";
import { withLocalOrigins } from "./local-origins";
import { SiteFiles } from "./site-files";

/** The planned distributions, each on an address of its own. */
export class WebSites {
  /** The plan, in which the sites' addresses on this machine stand next to their planned ones. */
  graph: Graph;
  private readonly servers = new Map<Distribution, LoopbackServer>();
  private readonly edges = new Map<Distribution, Edge>();

  private constructor(
    graph: Graph,
    private readonly log: (line: string) => void,
  ) {
    this.graph = graph;
    for (const distribution of readDistributions(new GraphIndex(graph))) {
      const server = createServer((req, res) => void this.handle(distribution, req, res));
      this.servers.set(distribution, new LoopbackServer(server));
    }
  }

  /** URL of the web app; undefined without one. */
  get url(): string | undefined {
    return [...this.servers.values()][0]?.url;
  }

  /** URLs of this machine by the planned ones. */
  get addresses(): ReadonlyMap<string, string> {
    const pairs = [...this.servers].flatMap(([{ aliases }, { url }]) =>
      aliases.map((name) => [`https://${name}`, url] as const),
    );
    return new Map(pairs);
  }

  /**
   * Listens, and answers 503 until `serve`: what else runs has to know the addresses first.
   * @param log  gets a line for each request that could not be answered
   * @throws {UserError} on a planned distribution with a setting that does not run here
   */
  static async listen(graph: Graph, log: (line: string) => void): Promise<WebSites> {
    const sites = new WebSites(graph, log);
    await Promise.all([...sites.servers.values()].map((server) => server.start()));
    sites.graph = withLocalOrigins(graph, sites.addresses);
    return sites;
  }

  /**
   * Serves the planned files.
   * @param root  folder that the planned paths start from
   * @param known  URLs of this machine by all planned ones, which take their place in what the deployment writes
   */
  serve(index: GraphIndex, access: Access, root: string, known: ReadonlyMap<string, string>): void {
    const addresses = [...known, ...this.addresses].sort(([a], [b]) => b.length - a.length);
    const localised = (text: string) =>
      addresses.reduce((all, [planned, local]) => all.replaceAll(planned, local), text);
    const files = new SiteFiles(index, { access, root, account: accountOf(index), localised });
    for (const distribution of this.servers.keys())
      this.edges.set(distribution, new Edge(distribution, files, localised));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.servers.values()].map((server) => server.stop()));
  }

  private async handle(distribution: Distribution, req: IncomingMessage, res: ServerResponse): Promise<void> {
    const edge = this.edges.get(distribution);
    // What no URL can be made of, as "//" is, has a path as well.
    const [path = "/"] = (req.url ?? "/").split("?");
    if (!isAllowedHost(req, new Set(distribution.aliases))) return void res.writeHead(403).end();
    if (edge === undefined) return void res.writeHead(503).end();
    const { method = "GET", headers: asked } = req;
    try {
      const acceptEncoding = String(asked["accept-encoding"] ?? "");
      const { status, headers, body } = await edge.answer({
        ...{ method, path, acceptEncoding, ifNoneMatch: asked["if-none-match"] },
      });
      res.writeHead(status, { ...headers, ...(status === 304 ? {} : { "content-length": body.length }) });
      res.end(method === "HEAD" ? undefined : body);
    } catch (error) {
      this.log(`${method} ${path}: ${(error as Error).message}`);
      res.writeHead(503).end();
    }
  }
}
