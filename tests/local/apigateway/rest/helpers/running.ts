import type { RunningGateway } from "../../../../../local/apigateway/gateway";
import { systemClock } from "../../../../../local/apigateway/gateway";
import { type RestGatewayOptions, startRestGateway } from "../../../../../local/apigateway/rest/server";
import { UsagePlans } from "../../../../../local/apigateway/rest/usage-plans";
import { FakeCompute } from "../../http/helpers/running";
import { authorizerUri, type PlannedRegion, type PlannedRest, plannedRegion } from "./planned";

const running: RunningGateway[] = [];

/** Stops every gateway that a test started. */
export async function stopGateways(): Promise<void> {
  for (const gateway of running.splice(0)) await gateway.stop();
}

/** Functions of a test: an authorizer, and a function that answers. */
export class RestCompute extends FakeCompute {
  readonly authorizerEvents: any[] = [];
  authorize: (event: any) => unknown = () => {
    throw new Error("no authorizer");
  };

  override async invoke(uri: string, event: any): Promise<unknown> {
    if (uri !== authorizerUri) return super.invoke(uri, event);
    this.authorizerEvents.push(event);
    return this.authorize(event);
  }
}

export interface RunningRest extends RunningGateway {
  readonly compute: RestCompute;
  readonly logs: string[];
  readonly usagePlans: UsagePlans;
  get(path: string, headers?: Record<string, string>): Promise<{ status: number; headers: Headers; text: string }>;
  send(path: string, init: RequestInit): Promise<{ status: number; headers: Headers; text: string }>;
}

/** A gateway of one planned REST API whose stage is `test`, with functions of the test. */
export async function runningRest(
  api: PlannedRest,
  { clock = systemClock, plan, ...options }: Partial<RestGatewayOptions> & Pick<PlannedRegion, "plan"> = {},
): Promise<RunningRest> {
  const { model } = await plannedRegion({ apis: { api }, ...(plan && { plan }) });
  const compute = new RestCompute();
  const logs: string[] = [];
  const usagePlans = new UsagePlans(model.plans, model.keys, clock);
  const gateway = await startRestGateway({
    ...{ region: model, usagePlans, compute, clock, port: 0 },
    jwksUrl: () => "http://127.0.0.1:9/jwks.json",
    log: (line) => logs.push(line),
    accessLog: (line) => logs.push(line),
    ...options,
  });
  running.push(gateway);
  const send: RunningRest["send"] = async (path, init) => {
    const answer = await fetch(`${gateway.url}/test${path}`, init);
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };
  return {
    ...gateway,
    compute,
    logs,
    usagePlans,
    send,
    get: (path, headers) => send(path, headers ? { headers } : {}),
  };
}
