import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

/*
 * Pulumi's language host for Node programs, as far as the engine's own operations need it: starts the runtime of the
 * project's own @pulumi/pulumi. Used where the vendor's host cannot be had.
 */

type Call = { request: any };
type Reply = (error: any, response?: any) => void;

/** What `@pulumi/pulumi/cmd/run` ends with after it has told the engine what is wrong. */
const TOLD_THE_USER = 32;

const manifest = JSON.parse(readFileSync(require.resolve("@pulumi/pulumi/package.json"), "utf8"));
let engine = process.argv.slice(2).find((argument) => !argument.startsWith("-")) ?? "";

const calls = {
  handshake: ({ request }: Call, reply: Reply) => {
    engine = request.getEngineAddress();
    reply(null, new language.LanguageHandshakeResponse());
  },
  getPluginInfo: (_: Call, reply: Reply) => reply(null, new PluginInfo().setVersion(manifest.version)),
  // The project says where its providers are; nothing is to be fetched.
  getRequiredPlugins: (_: Call, reply: Reply) => reply(null, new language.GetRequiredPluginsResponse()),
  getRequiredPackages: (_: Call, reply: Reply) => reply(null, new language.GetRequiredPackagesResponse()),
  getProgramDependencies: (_: Call, reply: Reply) => reply(null, new language.GetProgramDependenciesResponse()),
  runtimeOptionsPrompts: (_: Call, reply: Reply) => reply(null, new language.RuntimeOptionsResponse()),
  about: (_: Call, reply: Reply) =>
    reply(null, new language.AboutResponse().setExecutable(process.execPath).setVersion(process.version)),
  installDependencies: (call: grpc.ServerWritableStream<any, any>) => call.end(),
  cancel: (_: Call, reply: Reply) => reply(null, new Empty()),
  run: ({ request }: Call, reply: Reply) => {
    run(request).then((response) => reply(null, response), reply);
  },
  runPlugin,
};

async function run(request: language.RunRequest): Promise<language.RunResponse> {
  const info = request.getInfo()!;
  const args = [
    runtimeOf(info, "run"),
    `--monitor=${request.getMonitorAddress()}`,
    `--engine=${engine}`,
    `--project=${request.getProject()}`,
    `--stack=${request.getStack()}`,
    `--organization=${request.getOrganization()}`,
    `--root-directory=${info.getRootDirectory()}`,
    `--pwd=${info.getProgramDirectory()}`,
    `--parallel=${request.getParallel()}`,
    ...(request.getDryrun() ? ["--dry-run"] : []),
    info.getEntryPoint(),
    ...request.getArgsList(),
  ];
  const child = start(args, info, {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().getEntryList())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
  });
  child.stdout!.pipe(process.stderr);
  child.stderr!.pipe(process.stderr);
  const code = await exitCode(child);
  const response = new language.RunResponse();
  if (code === TOLD_THE_USER) response.setBail(true);
  else if (code !== 0) response.setError(`program ended with exit code ${code}`);
  return response;
}

/** Runs a policy pack, or a provider written in TypeScript, in a runtime of its own. */
async function runPlugin(call: grpc.ServerWritableStream<language.RunPluginRequest, language.RunPluginResponse>) {
  const { request } = call;
  const info = request.getInfo()!;
  const module = request.getKind() === "analyzer" ? "run-policy-pack" : "run-plugin";
  const child = start([runtimeOf(info, module), ...request.getArgsList(), request.getProgram()], info, {
    ...Object.fromEntries(request.getEnvList().map((entry) => entry.split(/=(.*)/s).slice(0, 2))),
  });
  call.on("cancelled", () => child.kill());
  child.stdout!.on("data", (chunk) => call.write(new language.RunPluginResponse().setStdout(chunk)));
  child.stderr!.on("data", (chunk) => call.write(new language.RunPluginResponse().setStderr(chunk)));
  call.write(new language.RunPluginResponse().setExitcode(await exitCode(child)));
  call.end();
}

function start(args: readonly string[], info: language.ProgramInfo, env: Readonly<Record<string, string>>) {
  const options = info.getOptions()?.toJavaScript() ?? {};
  return spawn(process.execPath, args, {
    cwd: info.getProgramDirectory(),
    env: { ...process.env, PULUMI_NODEJS_TYPESCRIPT: String(options["typescript"] ?? true), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Of the program's own SDK, which is what the vendor's host runs. */
function runtimeOf(info: language.ProgramInfo, module: string): string {
  const folder = info.getProgramDirectory();
  return require.resolve(`@pulumi/pulumi/cmd/${module}`, {
    paths: [isAbsolute(folder) ? folder : resolve(join(info.getRootDirectory(), folder))],
  });
}

function exitCode(child: ChildProcess): Promise<number> {
  return new Promise((settle, reject) => {
    child.on("error", reject);
    child.on("close", (code) => settle(code ?? 1));
  });
}

const server = new grpc.Server();
server.addService(LanguageRuntimeService as any, calls as any);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});

// An engine that was killed, or that had done, leaves this to nobody.
const parent = process.ppid;
setInterval(() => process.ppid !== parent && process.exit(), 500).unref();
