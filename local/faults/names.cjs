// Names below .localhost, which stand for names of AWS: each is found until a file lists it as gone. Loaded before the code of
// servers and functions (NODE_OPTIONS), where PLATFORM_NAMES is the file.
const dns = require("node:dns");
const { readFileSync } = require("node:fs");
const { syncBuiltinESMExports } = require("node:module");

/** Has this process look names up by a file; returns what undoes it. */
function install(file) {
  const { lookup } = dns;
  /** Whether nothing answers for a name, to anyone or to this process. */
  const isGone = (name) => {
    try {
      const { names, processes } = JSON.parse(readFileSync(file, "utf8"));
      return names.includes(name) || processes.includes(process.pid);
    } catch {
      return false;
    }
  };
  dns.lookup = function lookupOrNot(hostname, options, callback) {
    const answer = typeof options === "function" ? options : callback;
    if (isGone(hostname)) return process.nextTick(answer, notFound(hostname));
    if (!String(hostname).endsWith(".localhost")) return lookup(hostname, options, callback);
    const address = "127.0.0.1";
    if (options?.all) return process.nextTick(answer, null, [{ address, family: 4 }]);
    return process.nextTick(answer, null, address, 4);
  };
  syncBuiltinESMExports();
  return () => {
    dns.lookup = lookup;
    syncBuiltinESMExports();
  };
}

/** The error of Node.js for a name that the DNS does not have. */
function notFound(hostname) {
  const error = new Error(`getaddrinfo ENOTFOUND ${hostname}`);
  return Object.assign(error, { errno: -3008, code: "ENOTFOUND", syscall: "getaddrinfo", hostname });
}

if (process.env.PLATFORM_NAMES) install(process.env.PLATFORM_NAMES);
module.exports = { install };
