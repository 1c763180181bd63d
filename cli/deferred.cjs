// The Pulumi SDK loads more than commands use: a package manager and a compiler to turn functions into text, gRPC and
// tracing to talk to an engine, and the Automation API. Each of them is loaded only when something of it is used, which
// takes half a second off the start of a command.
const Module = require("node:module");

const deferred =
  /^(@npmcli\/arborist|typescript|@grpc\/grpc-js|@opentelemetry\/api|normalize-package-data|\.\/automation|.*_grpc_pb)$/;
const load = Module._load;

Module._load = (request, ...rest) => {
  if (!deferred.test(request)) return load(request, ...rest);
  const get = (_, key) => {
    // A module that says so is passed on as it is, not copied property by property.
    if (key === "__esModule") return true;
    const loaded = load(request, ...rest);
    return key === "default" && !loaded.__esModule ? loaded : Reflect.get(loaded, key);
  };
  return new Proxy({}, { get });
};
