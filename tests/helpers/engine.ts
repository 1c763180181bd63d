import { spawn } from "node:child_process";
import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import {
  DeploymentInfo,
  RegisterResourceResponse,
  ResourceMonitorFeature,
  SupportsFeatureResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { PlanMonitor } from "../../graph/capture/monitor";
import { toPlainData } from "../../graph/capture/wire";
import type { PlannedResource } from "../../graph/model";
import { providerAnswer } from "../../graph/outputs";
import type { ProjectFiles } from "../../graph/project";

/** What came of running the program. */
export interface EngineRun {
  readonly exitCode: number;
  readonly stderr: string;
  /** What the CLI would print on stderr: warnings and errors that the engine was told. */
  readonly diagnostics: readonly string[];
  readonly outputs: PlannedResource["outputs"];
  /** Sorted by URN. */
  readonly resources: readonly PlannedResource[];
}

type Call = { request: any };
type Reply = (error: any, response?: any) => void;

/**
 * Does what `pulumi preview` does with the program: starts Pulumi's own Node runtime on the project's folder, which
 * finds the entry point, compiles it and talks gRPC. Only the engine's side is played, by the plan's monitor.
 * @param root  folder of Pulumi.yaml and package.json
 */
export async function runByPulumi(root: string, stack: string, { project, config }: ProjectFiles): Promise<EngineRun> {
  const refuse = async () => {
    throw new Error("nothing is read in this run");
  };
  const monitor = new PlanMonitor(project, stack, { create: providerAnswer, read: refuse });
  const diagnostics: string[] = [];
  const server = new grpc.Server();
  server.addService(ResourceMonitorService as any, monitorCalls(monitor));
  server.addService(EngineService as any, engineCalls(diagnostics));
  const address = await listen(server);
  try {
    const run = await runtime(root, { address, project, stack, config });
    const resources = [...monitor.planned.values()].sort((a, b) => (a.urn < b.urn ? -1 : 1));
    return { ...run, diagnostics, resources, outputs: toPlainData(monitor.stackOutputs, "hidden") };
  } finally {
    server.forceShutdown();
  }
}

function monitorCalls(monitor: PlanMonitor): grpc.UntypedServiceImplementation {
  const pass = (method: "invoke" | "readResource" | "registerPackage") => {
    return ({ request }: Call, reply: Reply) => (monitor as any)[method](request, reply);
  };
  return {
    invoke: pass("invoke"),
    readResource: pass("readResource"),
    registerResource: ({ request }: Call, reply: Reply) =>
      monitor.registerResource(request, (error, answer) => reply(error, answer && registered(answer))),
    registerPackage: pass("registerPackage"),
    // Everything today's engine can do, output values included, which the SDK's mocks go without.
    getDeploymentInfo: (_: Call, reply: Reply) => {
      const response = new DeploymentInfo();
      response.setSupportedfeaturesList(Object.values(ResourceMonitorFeature) as number[]);
      reply(null, response);
    },
    registerResourceOutputs: ({ request }: Call, reply: Reply) =>
      monitor.registerResourceOutputs(request, (error) => reply(error, new Empty())),
    supportsFeature: (_: Call, reply: Reply) => {
      const response = new SupportsFeatureResponse();
      response.setHassupport(true);
      reply(null, response);
    },
    signalAndWaitForShutdown: empty,
  } as any;
}

/** Makes the message of an answer, which within a process is none. */
function registered(answer: any): RegisterResourceResponse {
  const response = new RegisterResourceResponse();
  response.setUrn(answer.getUrn());
  response.setId(answer.getId());
  response.setObject(Struct.fromJavaScript(answer.getObject().toJavaScript()));
  return response;
}

function engineCalls(diagnostics: string[]): grpc.UntypedServiceImplementation {
  return {
    log: ({ request }: Call, reply: Reply) => {
      // 0 is debug.
      if (request.getSeverity() > 0) diagnostics.push(request.getMessage());
      reply(null, new Empty());
    },
    startDebugging: empty,
  } as any;
}

function empty(_: Call, reply: Reply): void {
  reply(null, new Empty());
}

function listen(server: grpc.Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(`127.0.0.1:${port}`),
    );
  });
}

interface Start {
  readonly address: string;
  readonly project: string;
  readonly stack: string;
  readonly config: ProjectFiles["config"];
}

/** The command line of Pulumi's Node language host, for a project whose Pulumi.yaml names no `main`. */
function runtime(root: string, start: Start): Promise<Pick<EngineRun, "exitCode" | "stderr">> {
  const args = [
    require.resolve("@pulumi/pulumi/cmd/run"),
    `--monitor=${start.address}`,
    `--engine=${start.address}`,
    `--project=${start.project}`,
    `--stack=${start.stack}`,
    "--organization=organization",
    `--root-directory=${root}`,
    `--pwd=${root}`,
    "--dry-run",
    ".",
  ];
  const env = {
    ...process.env,
    PULUMI_NODEJS_TYPESCRIPT: "true",
    PULUMI_CONFIG: JSON.stringify(start.config),
    PULUMI_CONFIG_SECRET_KEYS: "[]",
  };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env, stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ exitCode: code ?? 1, stderr }));
  });
}
