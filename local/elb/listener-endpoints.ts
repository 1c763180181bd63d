import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";
import type { GraphIndex } from "../../graph/model";
import { hostName } from "../ports/hosts";
import type { Balancers } from "./balancers";

/** A planned listener that a function calls by its URL. */
interface CalledListener {
  readonly arn: string;
  /** `http://<name of the balancer>:<port>`. */
  readonly url: string;
}

/**
 * Listeners as servers of this machine, for the functions that call a balancer by its name in the VPC. Gateways choose
 * servers without them. Only listeners whose URL is an environment variable of a planned function are started.
 */
export class ListenerEndpoints {
  /** URL of this machine by planned URL; complete when all have started. */
  readonly addresses = new Map<string, string>();
  private readonly called: readonly CalledListener[];
  private readonly servers: Server[] = [];

  constructor(
    index: GraphIndex,
    private readonly balancers: Balancers,
  ) {
    const values = new Set<unknown>(
      index
        .ofType("aws:lambda/function:Function")
        .flatMap(({ outputs }) => Object.values(outputs["environment"]?.variables ?? {})),
    );
    this.called = index
      .ofType("aws:lb/listener:Listener")
      .map(({ outputs }) => ({
        arn: outputs["arn"],
        url: `http://${index.arn(outputs["loadBalancerArn"])?.outputs["dnsName"]}:${outputs["port"]}`,
      }))
      .filter(({ url }) => values.has(url));
  }

  async start(): Promise<void> {
    await Promise.all(this.called.map((listener) => this.listen(listener)));
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.servers.map(async (server) => {
        const closed = new Promise((resolve) => server.close(resolve));
        server.closeAllConnections();
        await closed;
      }),
    );
  }

  private async listen({ arn, url }: CalledListener): Promise<void> {
    const server = createServer((req, res) => void this.answer(arn, req, res));
    this.servers.push(server);
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
    this.addresses.set(url, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  private async answer(listenerArn: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
    const choice = this.balancers.pick(listenerArn, hostName(req.headers.host ?? ""));
    if (choice.kind === "fixed") {
      res.writeHead(choice.status, { "content-type": choice.contentType }).end(choice.body);
    } else if (choice.kind === "none") {
      res.writeHead(503).end();
    } else {
      await forward(choice.origin, req, res).catch(() => fail(res));
      choice.requestEnded();
    }
  }
}

/** Sends a request to a server and its answer back. */
async function forward(origin: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { method, headers } = req;
  await new Promise<void>((resolve, reject) => {
    const call = request(new URL(req.url ?? "/", origin), { method, headers, agent: false }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      pipeline(answer, res).then(resolve, reject);
    });
    pipeline(req, call).catch(reject);
  });
}

/** A balancer answers 502 for a server that ends the connection. */
function fail(res: ServerResponse): void {
  if (res.headersSent) res.destroy();
  else res.writeHead(502).end();
}
