import { type AddressInfo, createServer, type Server } from "node:net";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { awsProvider } from "./aws";
import { awsxProvider } from "./awsx";
import type { Cloud } from "./cloud";
import { dockerBuildProvider } from "./docker-build";

export interface StandIn {
  /** What the engine's environment needs to find the providers of `plugins/`. */
  readonly env: Readonly<Record<string, string>>;
  close(): void;
}

const providers = { aws: awsProvider, awsx: awsxProvider, "docker-build": dockerBuildProvider } as const;

/** Serves providers for a cloud: a gRPC server for each that the engine starts, as each has a configuration of its own. */
export async function standIn(cloud: Cloud): Promise<StandIn> {
  const open = new Set<grpc.Server>();
  const control = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.once("data", async (line) => {
      const server = new grpc.Server();
      open.add(server);
      socket.on("close", () => {
        open.delete(server);
        server.forceShutdown();
      });
      server.addService(
        ResourceProviderService as any,
        providers[String(line).trim() as keyof typeof providers](cloud),
      );
      socket.write(`${await listen(server)}\n`);
    });
  });
  const port = await listenTcp(control);
  return {
    env: { STAND_IN_PORT: String(port) },
    close: () => {
      for (const server of open) server.forceShutdown();
      control.close();
    },
  };
}

function listen(server: grpc.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    const credentials = grpc.ServerCredentials.createInsecure();
    server.bindAsync("127.0.0.1:0", credentials, (error, port) => (error ? reject(error) : resolve(port)));
  });
}

function listenTcp(server: Server): Promise<number> {
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)));
}
