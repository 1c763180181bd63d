// The Pulumi SDK loads a package manager and a compiler, which takes a third of a second, to turn functions into text. No
// command does that, so each of them is loaded only when something of it is used, which never happens.
const Module = require("node:module");

const deferred = new Set(["@npmcli/arborist", "typescript"]);
const load = Module._load;

Module._load = (request, ...rest) => {
  if (!deferred.has(request)) return load(request, ...rest);
  return new Proxy(
    {},
    { get: (_, key) => (key === "__esModule" ? undefined : Reflect.get(load(request, ...rest), key)) },
  );
};
