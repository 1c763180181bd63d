import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { type Block, blockOf, emptyBlock } from "./schema";
import { decodeValue, encodeValue } from "./value";

/** What the provider says about a configuration. */
export interface Diagnostic {
  readonly severity: "ERROR" | "WARNING";
  readonly summary: string;
  readonly detail: string;
  /** The argument it is about, with list indexes left out: `health_check.interval`; empty for the whole resource. */
  readonly path: string;
}

/** A state as the provider hands it out, to be handed back. */
export interface State {
  readonly value: any;
  readonly private: Uint8Array;
  readonly identity: unknown;
}

/** What a plan, a creation or a reading ends with; without a state when it failed. */
export type Outcome = { readonly state: State | undefined; readonly diagnostics: readonly Diagnostic[] };

/** What go-plugin wants to see before it serves; no secret. */
const handshake = {
  TF_PLUGIN_MAGIC_COOKIE: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
  PLUGIN_PROTOCOL_VERSIONS: "5",
};
const START_TIMEOUT_MS = 120_000;
/** The provider waits for much of what it creates. */
const CALL_TIMEOUT_MS = 120_000;
const NO_STATE = encodeValue(null);

const options = { keepCase: false, longs: Number, enums: String, defaults: true, oneofs: true } as const;
const definition = loadSync(join(__dirname, "provider.proto"), options);
const { Provider } = grpc.loadPackageDefinition(definition)["tfplugin5"] as any;

/** A Terraform provider that runs as a process of its own and is asked over a socket. */
export class Plugin {
  /** Of thousands of schemas some dozens are read. */
  private readonly blocks = new Map<string, Block>();

  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly client: any,
    private readonly words: { last: string },
    private readonly providerBlock: Block,
    private readonly schemas: Readonly<Record<string, { readonly block: unknown }>>,
  ) {}

  /** @throws {Error} when the executable is no plugin of protocol 5, with what it said */
  static async start(command: string, env: Readonly<Record<string, string>> = {}): Promise<Plugin> {
    const folder = mkdtempSync(join(tmpdir(), "provider-plugin-"));
    const child = spawn(command, [], {
      // Nothing of this machine's AWS settings may reach the provider.
      env: {
        PATH: process.env["PATH"],
        HOME: folder,
        PLUGIN_UNIX_SOCKET_DIR: folder,
        TMPDIR: folder,
        ...handshake,
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const end = () => child.kill("SIGKILL");
    process.once("exit", end);
    child.once("exit", () => process.off("exit", end));
    try {
      const words = lastWords(child);
      const address = await addressOf(child, words);
      const client = new Provider(address, grpc.credentials.createInsecure(), {
        "grpc.max_receive_message_length": -1,
        "grpc.max_send_message_length": -1,
      });
      const { provider, resourceSchemas } = await call(client, "GetSchema", {});
      return new Plugin(child, folder, client, words, blockOf(provider.block), resourceSchemas);
    } catch (error) {
      await stop(child, folder);
      throw error;
    }
  }

  /** The schema of a resource type, unset for one the provider does not have. */
  block(type: string): Block | undefined {
    const schema = this.schemas[type];
    if (schema === undefined) return undefined;
    const block = this.blocks.get(type) ?? blockOf(schema.block);
    this.blocks.set(type, block);
    return block;
  }

  /**
   * @param settings  arguments of the provider by Terraform's names; blocks with their elements' arguments complete
   * @throws {Error} on a diagnostic of severity error
   */
  async configure(settings: Readonly<Record<string, unknown>>): Promise<void> {
    const config = dynamic({ ...emptyBlock(this.providerBlock), ...settings });
    const prepared = await call(this.client, "PrepareProviderConfig", { config });
    const configured = await call(this.client, "Configure", {
      config: prepared.preparedConfig ?? config,
      terraformVersion: "1.12.0",
    });
    const errors = [prepared, configured].flatMap(diagnosticsOf).filter(({ severity }) => severity === "ERROR");
    if (errors.length > 0) throw new Error(errors.map(({ summary, detail }) => `${summary}: ${detail}`).join("; "));
  }

  async validate(type: string, config: unknown): Promise<readonly Diagnostic[]> {
    return diagnosticsOf(
      await call(this.client, "ValidateResourceTypeConfig", { typeName: type, config: dynamic(config) }),
    );
  }

  /** Plans the creation of a resource. */
  async plan(type: string, config: unknown): Promise<Outcome> {
    const response = await call(this.client, "PlanResourceChange", {
      typeName: type,
      priorState: { msgpack: NO_STATE },
      proposedNewState: dynamic(config),
      config: dynamic(config),
    });
    return outcome(response, response.plannedState, response.plannedPrivate, response.plannedIdentity);
  }

  /** Creates what was planned. */
  async apply(type: string, config: unknown, planned: State): Promise<Outcome> {
    const response = await call(this.client, "ApplyResourceChange", {
      typeName: type,
      priorState: { msgpack: NO_STATE },
      plannedState: dynamic(planned.value),
      config: dynamic(config),
      plannedPrivate: planned.private,
      plannedIdentity: planned.identity,
    });
    return outcome(response, response.newState, response.private, response.newIdentity);
  }

  /** Reads what AWS holds. */
  async read(type: string, state: State): Promise<Outcome> {
    const response = await call(this.client, "ReadResource", {
      typeName: type,
      currentState: dynamic(state.value),
      private: state.private,
      currentIdentity: state.identity,
    });
    return outcome(response, response.newState, response.private, response.newIdentity);
  }

  /** The panic that ended the provider, and where; unset while it runs. */
  get crash(): string | undefined {
    return this.words.last.startsWith("panic:") ? this.words.last : undefined;
  }

  async stop(): Promise<void> {
    this.client.close();
    await stop(this.child, this.folder);
  }
}

/** What the plugin complained about last; a panic with what follows it. */
function lastWords(child: ChildProcess): { last: string } {
  const words = { last: "" };
  child.stderr!.setEncoding("utf8").on("data", (text) => {
    words.last += text;
    const panic = words.last.indexOf("panic:");
    words.last = panic < 0 ? words.last.slice(-2_000) : words.last.slice(panic, panic + 4_000);
  });
  return words;
}

/** The socket that go-plugin names in its first line: `1|5|unix|/path|grpc|`. */
function addressOf(child: ChildProcess, words: { readonly last: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const timer = setTimeout(() => fail(`said nothing for ${START_TIMEOUT_MS / 1000} s`), START_TIMEOUT_MS);
    const fail = (what: string) => {
      clearTimeout(timer);
      reject(new Error(`${child.spawnfile} is no plugin of protocol 5: ${what}; ${words.last.trim().slice(-500)}`));
    };
    const ended = (code: number | null) => fail(`ended with code ${code}`);
    child.on("error", ({ message }) => fail(message));
    child.once("exit", ended);
    child.stdout!.setEncoding("utf8").on("data", (text) => {
      said += text;
      if (!said.includes("\n")) return;
      const [, version, network, path, protocol] = said.split("\n")[0]!.trim().split("|");
      if (version !== "5" || network !== "unix" || protocol !== "grpc") return fail(`said ${JSON.stringify(said)}`);
      clearTimeout(timer);
      child.off("exit", ended);
      resolve(`unix://${path}`);
    });
  });
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
}

function call(client: any, method: string, request: object): Promise<any> {
  return new Promise((resolve, reject) =>
    client[method](request, { deadline: Date.now() + CALL_TIMEOUT_MS }, (error: Error | null, response: unknown) =>
      error ? reject(error) : resolve(response),
    ),
  );
}

const dynamic = (value: unknown) => ({ msgpack: encodeValue(value) });

function outcome(response: any, state: any, secret: Uint8Array, identity: unknown): Outcome {
  const value = state?.msgpack?.length > 0 ? decodeValue(state.msgpack) : null;
  return {
    state: value === null ? undefined : { value, private: secret, identity },
    diagnostics: diagnosticsOf(response),
  };
}

function diagnosticsOf({ diagnostics }: any): Diagnostic[] {
  return diagnostics.map(({ severity, summary, detail, attribute }: any) => ({
    severity,
    summary,
    detail,
    path: (attribute?.steps ?? [])
      .filter(({ selector }: any) => selector !== "elementKeyInt")
      .map(({ attributeName, elementKeyString }: any) => attributeName ?? elementKeyString)
      .join("."),
  }));
}
