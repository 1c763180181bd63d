import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { GraphIndex } from "../../graph/model";
import { isKnownOperation } from "../aws/known-operations";
import { type Access, AccessDenied, type Ask } from "../iam/access";
import { callerName } from "../iam/denial";
import { SignatureError } from "../iam/sigv4/signature-error";
import { isLoopbackHost } from "../ports/hosts";
import { LoopbackServer } from "../ports/loopback-server";
import type { CloudMapService, DiscoveredInstance, HealthStatusFilter } from "./discovery";

/** A planned Cloud Map service with its names, as DiscoverInstances asks for it. */
interface NamedService {
  readonly region: string | undefined;
  readonly namespace: string;
  readonly name: string;
  readonly service: CloudMapService;
}

/** Error that Cloud Map answers with; its name is the type. */
class DiscoveryError extends Error {
  constructor(
    override readonly name: string,
    message: string,
  ) {
    super(message);
  }
}

const filters: readonly string[] = ["HEALTHY", "UNHEALTHY", "ALL", "HEALTHY_OR_ELSE_ALL"];
const maxRequestBytes = 64 * 1_024;

/**
 * The DiscoverInstances API of Cloud Map for the AWS SDK. The region of a request is that of its signature; the caller's
 * policies decide on it. The SDK's setting `disableHostPrefix` must be on, as no name `data-localhost` leads here.
 * @see https://docs.aws.amazon.com/cloud-map/latest/api/API_DiscoverInstances.html
 */
export class DiscoveryEndpoint {
  private readonly server = new LoopbackServer(createServer((req, res) => void this.handle(req, res)));
  private readonly services: readonly NamedService[];

  /**
   * @param services  by ARN
   * @param access  decides who may call
   * @param log  gets a line for each call of an operation that is not here
   */
  constructor(
    index: GraphIndex,
    services: ReadonlyMap<string, CloudMapService>,
    private readonly access: Access,
    private readonly log: (line: string) => void,
  ) {
    this.services = index.ofType("aws:servicediscovery/service:Service").map(({ outputs, region }) => ({
      region,
      namespace: namespaceOf(index, outputs["namespaceId"] ?? outputs["dnsConfig"]?.namespaceId),
      name: outputs["name"],
      service: services.get(outputs["arn"])!,
    }));
  }

  get url(): string {
    return this.server.url;
  }

  start(): Promise<void> {
    return this.server.start();
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  private async handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    try {
      if (!isLoopbackHost(req.headers.host ?? "")) send(res, 403, { message: "Forbidden" });
      else send(res, 200, this.answer(req, await bodyOf(req)));
    } catch (error) {
      const { name, message } = error as Error;
      if (error instanceof DiscoveryError) send(res, 400, { __type: name, message });
      else if (error instanceof SignatureError) send(res, 400, { __type: error.type, message });
      else if (error instanceof AccessDenied) send(res, 400, { __type: "AccessDeniedException", message });
      else send(res, 500, { __type: "InternalFailure" });
    }
  }

  private answer({ method = "", url = "", rawHeaders, headers }: IncomingMessage, body: Buffer): object {
    const [, operation = ""] = String(headers["x-amz-target"]).split(".");
    const input = parsed(body);
    const asks: Ask[] = [
      {
        action: `servicediscovery:${operation}`,
        resource: "*",
        context: {
          "servicediscovery:NamespaceName": input["NamespaceName"],
          "servicediscovery:ServiceName": input["ServiceName"],
        },
      },
    ];
    const { region } = this.access.check({ method, url, rawHeaders, body }, "servicediscovery", (_, caller) => {
      if (isKnownOperation("servicediscovery", operation)) return asks;
      this.log(`${callerName(caller)} called servicediscovery ${operation}, which is not here`);
      throw new DiscoveryError("UnknownOperationException", "");
    });
    const { service, namespace, name } = this.find(region, input);
    const { HealthStatus: filter = "HEALTHY_OR_ELSE_ALL", MaxResults: most = 100 } = input;
    if (!filters.includes(filter))
      throw new DiscoveryError("InvalidInput", `HealthStatus must be ${filters.join(", ")}`);
    if (!(most >= 1 && most <= 1_000)) throw new DiscoveryError("InvalidInput", "MaxResults must be 1-1000");
    const instances = matching(service.instances(filter as HealthStatusFilter), input);
    return {
      Instances: shuffled(instances)
        .slice(0, most)
        .map(({ server, healthy }) => ({
          InstanceId: server.id,
          NamespaceName: namespace,
          ServiceName: name,
          HealthStatus: healthy ? "HEALTHY" : "UNHEALTHY",
          Attributes: attributesOf(server.origin),
        })),
      InstancesRevision: service.revision,
    };
  }

  private find(region: string | undefined, { NamespaceName: namespace, ServiceName: name }: any): NamedService {
    const inNamespace = this.services.filter((each) => each.region === region && each.namespace === namespace);
    if (inNamespace.length === 0) throw new DiscoveryError("NamespaceNotFound", "no planned namespace has this name");
    const found = inNamespace.find((each) => each.name === name);
    if (found === undefined) throw new DiscoveryError("ServiceNotFound", "no planned service has this name");
    return found;
  }
}

/** Every instance must have the query parameters; the optional ones narrow only where an instance has them. */
function matching(
  instances: readonly DiscoveredInstance[],
  { QueryParameters: required = {}, OptionalParameters: optional = {} }: Readonly<Record<string, any>>,
): readonly DiscoveredInstance[] {
  const has = (wanted: object) => (each: DiscoveredInstance) =>
    Object.entries(wanted).every(([key, value]) => attributesOf(each.server.origin)[key] === value);
  const found = instances.filter(has(required));
  const narrowed = found.filter(has(optional));
  return narrowed.length > 0 ? narrowed : found;
}

function attributesOf(origin: string): Readonly<Record<string, string>> {
  const { hostname, port } = new URL(origin);
  return { AWS_INSTANCE_IPV4: hostname, AWS_INSTANCE_PORT: port };
}

function namespaceOf(index: GraphIndex, id: string | undefined): string {
  const kinds = [
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace",
    "aws:servicediscovery/httpNamespace:HttpNamespace",
  ];
  const found = kinds.flatMap((kind) => index.where(kind, { id }))[0];
  return found?.outputs["name"] ?? id ?? "";
}

function shuffled<T>(list: readonly T[]): readonly T[] {
  const keyed = list.map((each) => [Math.random(), each] as const);
  return keyed.sort(([a], [b]) => a - b).map(([, each]) => each);
}

async function bodyOf(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of req) {
    bytes += chunk.length;
    if (bytes > maxRequestBytes) throw new DiscoveryError("InvalidInput", "the request is over 64 KB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parsed(body: Buffer): Readonly<Record<string, any>> {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new DiscoveryError("SerializationException", "the request is no JSON");
  }
}

function send(res: ServerResponse, status: number, body: object): void {
  res.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
}
