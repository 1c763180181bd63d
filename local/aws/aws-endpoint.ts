import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { GraphIndex } from "../../graph/model";
import type { ControlPlanes } from "../control-planes";
import { type Access, AccessDenied, operatorKeys } from "../iam/access";
import { callerName } from "../iam/denial";
import type { Caller } from "../iam/principals";
import { SignatureError } from "../iam/sigv4/signature-error";
import { isLoopbackHost } from "../ports/hosts";
import { LoopbackServer } from "../ports/loopback-server";
import { apiGatewayApi } from "./api-gateway-api";
import { ApiKeys, type RunningPlans } from "./api-keys";
import { AwsError, ConnectionLost } from "./aws-error";
import { allowPages } from "./browser-calls";
import { isKnownOperation, restOperation, unknownOperation } from "./known-operations";
import { xml } from "./query-protocol";
import { bodyOf, callOf, isForm, targetOf } from "./read-call";
import { secretsManagerApi } from "./secrets-manager-api";
import type { ServiceApi, UndecidedCall } from "./service-call";
import { stsApi } from "./sts-api";

/** Options of `AwsEndpoint`. */
export interface AwsEndpointOptions {
  /** Returns the usage plans of a region's REST gateway, which follow every change; undefined without such a gateway. */
  readonly usagePlans: (region: string) => RunningPlans | undefined;
  /** Decides who may call. */
  readonly access: Access;
  /** Refuses calls of management APIs while they are dark. @default never */
  readonly planes?: ControlPlanes;
  /** Returns further APIs by their names in signatures, of the address that they are called at. @default none */
  readonly apis?: (url: () => string) => Readonly<Record<string, ServiceApi>>;
  readonly log: (line: string) => void;
}

const dataPlanes = ["secretsmanager", "cognito-idp", "sts", "sqs", "sns", "ses"];
/** Services whose operations are methods and paths. */
const restServices = ["apigateway", "ses"];
/** XML namespaces of the answers of services with the query protocol. */
const namespaces: Readonly<Record<string, string>> = {
  sns: "http://sns.amazonaws.com/doc/2010-03-31/",
  sqs: "http://queue.amazonaws.com/doc/2012-11-05/",
  sts: "https://sts.amazonaws.com/doc/2011-06-15/",
};
/** Services with calls that need no signature, by their API's name in `x-amz-target`. */
const openApis: ReadonlyMap<string, string> = new Map([["AWSCognitoIdentityProviderService", "cognito-idp"]]);
/** What a header may have. */
const headerText = /^[\x20-\x7e]*$/;
/** Region and service of a signature. */
const scope = /Credential=([^/,\s]+)\/\d{8}\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request/;

/**
 * One address for the AWS APIs that the platform's commands and functions call, on loopback: API keys and usage plans of API
 * Gateway, secrets, and the further ones that it is given. A call is for the region and service that its signature names; the
 * caller's policies decide on it. Errors have AWS's forms, so that the SDK makes its own exceptions of them.
 */
export class AwsEndpoint {
  private readonly server = new LoopbackServer(createServer((req, res) => void this.handle(req, res)));
  private readonly services: ReadonlyMap<string, ServiceApi>;
  private readonly keys = new Map<string, ApiKeys>();

  constructor(
    private readonly index: GraphIndex,
    private readonly options: AwsEndpointOptions,
  ) {
    this.services = new Map<string, ServiceApi>([
      ["apigateway", apiGatewayApi((region) => this.keysIn(region))],
      ["secretsmanager", secretsManagerApi(index)],
      ["sts", stsApi],
      ...Object.entries(options.apis?.(() => this.url) ?? {}),
    ]);
  }

  get url(): string {
    return this.server.url;
  }

  /** Variables with which the AWS SDK of functions finds it. */
  get variables(): Readonly<Record<string, string>> {
    // What has no address of its own here is refused here too, and not asked of AWS.
    return { AWS_ENDPOINT_URL: this.url, AWS_ENDPOINT_URL_SECRETS_MANAGER: this.url };
  }

  start(): Promise<void> {
    return this.server.start();
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  private keysIn(region: string): ApiKeys {
    const known = this.keys.get(region) ?? new ApiKeys(this.index, region, () => this.options.usagePlans(region));
    this.keys.set(region, known);
    return known;
  }

  private async handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    try {
      if (!isLoopbackHost(req.headers.host ?? "")) throw new AwsError("AccessDeniedException", "Forbidden", 403);
      if (req.method === "OPTIONS" && allowPages(req, res)) return void res.writeHead(200).end();
      const gone = new AbortController();
      res.once("close", () => gone.abort());
      const body = await bodyOf(req);
      const open = this.openApi(req);
      if (open !== undefined) allowPages(req, res);
      const opened = open?.answer({ ...callOf(req, "", body), caller: { kind: "anonymous" }, gone: gone.signal });
      send(res, 200, await (opened ?? this.answer(req, body, gone.signal)), serviceOf(req));
    } catch (error) {
      if (error instanceof ConnectionLost) return void req.socket.destroy();
      this.refuse(res, error as Error, serviceOf(req), isForm(req));
    }
  }

  /** Returns the API of a call that needs no signature. */
  private openApi(req: IncomingMessage): ServiceApi | undefined {
    const [name, operation] = targetOf(req);
    const api = this.services.get(openApis.get(name) ?? "");
    return api?.isOpen?.(operation) ? api : undefined;
  }

  /** @throws {AwsError} for an operation that the project does not use; the log says who called it */
  private refuseUnknown(service: string, { operation, method, path }: UndecidedCall, caller: Caller): void {
    const rest = restServices.includes(service) ? `/${path.join("/")}` : undefined;
    const { operations } = this.services.get(service)!;
    const known =
      operations?.has(operation) ??
      (rest === undefined ? isKnownOperation(service, operation) : restOperation(service, method, rest) !== undefined);
    if (known) return;
    const named = rest === undefined ? operation : `${method} ${rest}`;
    this.options.log(`aws: ${callerName(caller)} called ${service} ${named}, which is not here`);
    throw unknownOperation(service, named);
  }

  private async answer(req: IncomingMessage, body: Buffer, gone: AbortSignal): Promise<object | string> {
    const [, key, region, service] = scope.exec(req.headers.authorization ?? "") ?? [];
    if (region === undefined || service === undefined) {
      const opened = req.method === "GET" ? await this.open(req) : undefined;
      if (opened !== undefined) return opened;
      throw new AwsError("MissingAuthenticationTokenException", "Missing Authentication Token", 403);
    }
    this.askPlane(key!, region, service);
    const api = this.services.get(service);
    if (api === undefined) {
      this.options.log(`aws: ${key} called ${service}, which is not here`);
      throw new AwsError("UnknownOperationException", `the local AWS endpoint does not have the service ${service}`);
    }
    const call = callOf(req, region, body);
    const { method = "", url = "", rawHeaders } = req;
    try {
      const asked = { method, url, rawHeaders, body };
      const { caller } = this.options.access.check(asked, service, (where, signer) => {
        this.refuseUnknown(service, call, signer);
        return api.asks(call, where);
      });
      return await api.answer({ ...call, caller, gone });
    } catch (error) {
      if (error instanceof AccessDenied) {
        const { message } = error;
        throw api.denied?.(message) ?? new AwsError("AccessDeniedException", message, deniedStatus(service));
      }
      if (!(error instanceof SignatureError)) throw error;
      const protocol = service === "sts" ? "query" : "json";
      throw new AwsError(error.nameIn(protocol), error.message, deniedStatus(service));
    }
  }

  private async open(req: IncomingMessage): Promise<string | undefined> {
    const { path, query } = callOf(req, "", Buffer.alloc(0));
    for (const { open } of this.services.values()) {
      const answer = await open?.({ path, query });
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  /** Secrets, users and sessions are read and made by data planes of their region; the rest is managed by control planes. */
  private askPlane(key: string, where: string, service: string): void {
    if (dataPlanes.includes(service)) return;
    // Servers and functions have the keys of a session, people those of the operator.
    const by = key === operatorKeys.accessKeyId ? "operate" : "serve";
    try {
      this.options.planes?.ask({ by, what: `call ${service}`, where });
    } catch (error) {
      throw new AwsError("ServiceUnavailableException", (error as Error).message, 503);
    }
  }

  /** @param queried  whether the call is in the query protocol */
  private refuse(res: ServerResponse, error: Error, service: string, queried: boolean): void {
    if (!(error instanceof AwsError)) {
      this.options.log(`aws: a call failed: ${error.stack}`);
      const message = "the local AWS endpoint failed; see the platform's log";
      send(res, 500, { __type: "InternalFailure", message }, service);
      return;
    }
    const { name, message, status, queryCode } = error;
    if (queryCode !== undefined) res.setHeader("x-amzn-query-error", `${queryCode};Sender`);
    // REST services say the class in the header, the others in the body; the SDK reads either.
    else res.setHeader("x-amzn-errortype", service === "cognito-idp" ? `${name}:` : name);
    if (service === "cognito-idp" && headerText.test(message)) res.setHeader("x-amzn-errormessage", message);
    const json = { __type: name, ...(message !== "" && { message }) };
    send(res, status, queried ? queryError(error, service) : json, service);
  }
}

/** Returns an error as the query protocol has it. */
function queryError({ name, message, queryCode = name }: AwsError, service: string): string {
  const error = xml("Error", { Type: "Sender", Code: queryCode, Message: message });
  const namespace = namespaces[service] ?? namespaces["sts"];
  return `<ErrorResponse xmlns="${namespace}">${error}${xml("RequestId", randomUUID())}</ErrorResponse>`;
}

/** Services with JSON bodies answer 400, those of REST and of queries 403. */
function deniedStatus(service: string): number {
  return service === "apigateway" || service === "sts" ? 403 : 400;
}

/** Returns the service of a call, as signatures name it; an empty text for a call without. */
function serviceOf(req: IncomingMessage): string {
  const [, , , signed] = scope.exec(req.headers.authorization ?? "") ?? [];
  return signed ?? openApis.get(targetOf(req)[0]) ?? "";
}

function send(res: ServerResponse, status: number, body: object | string, service = ""): void {
  const json = service === "cognito-idp" ? "application/x-amz-json-1.1" : "application/json";
  const [type, text] = typeof body === "string" ? ["text/xml", body] : [json, JSON.stringify(body)];
  res.writeHead(status, { "content-type": type, "cache-control": "no-store", "x-amzn-requestid": randomUUID() });
  res.end(text);
}
