import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

type Handler = (request: any) => unknown;

/** A provider's gRPC service from plain functions; what they leave out, every provider answers the same way. */
export function calls(handlers: Readonly<Record<string, Handler>>): UntypedServiceImplementation {
  const common: Record<string, Handler> = {
    getSchema: () => new proto.GetSchemaResponse().setSchema("{}"),
    checkConfig: (request: proto.CheckRequest) => new proto.CheckResponse().setInputs(request.getNews()),
    diffConfig: () => new proto.DiffResponse().setChanges(proto.DiffResponse.DiffChanges.DIFF_NONE),
    configure: () => new proto.ConfigureResponse().setSupportspreview(true),
    getPluginInfo: () => new PluginInfo().setVersion("7.48.0"),
    attach: () => {},
    cancel: () => {},
  };
  const service: UntypedServiceImplementation = {};
  for (const [name, handler] of Object.entries({ ...common, ...handlers })) {
    service[name] = async ({ request }: { request: any }, reply: (error: any, response?: any) => void) => {
      try {
        reply(null, (await handler(request)) ?? new Empty());
      } catch (error) {
        reply({ code: 2, message: (error as Error).message });
      }
    };
  }
  return service;
}
