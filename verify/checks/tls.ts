import { type ConnectionOptions, checkServerIdentity, connect, type TLSSocket } from "node:tls";
import { type Check, NotApplicable, NotRun } from "../check";
import { type Door, isSecure, type Target } from "../target";

const timeoutMilliseconds = 10_000;
const leastDaysLeft = 14;
const dayMilliseconds = 86_400_000;

/** TLS of one name: new enough, with a certificate for both names of its region, and nothing old. */
export function tlsChecks(target: Target, door: Door): Check[] {
  const region = target.regions[door === target.global ? target.expected.regions[0]! : door.label];
  // A service's own name has a certificate of its own.
  const names = region === undefined ? [door.name] : [target.global.name, region.name];
  const check = (id: string, expected: string, run: () => Promise<string | undefined>): Check => ({
    id: `tls/${door.label}/${id}`,
    expected,
    run: () => {
      if (!isSecure(door)) throw new NotApplicable("plain HTTP on loopback");
      return run();
    },
  });
  const handshake = (options: ConnectionOptions) =>
    secured(door, { ...options, ...(target.ca ? { ca: target.ca } : {}) });
  return [
    check("version", `${door.name} speaks TLS 1.2 or newer`, async () => {
      const { version } = await handshake({});
      return version === "TLSv1.2" || version === "TLSv1.3" ? undefined : String(version);
    }),
    check("certificate", `${door.name} has a valid certificate for ${names.join(" and ")}`, async () => {
      const { certificate } = await handshake({});
      const wrong = names.map((name) => checkServerIdentity(name, certificate)).find((error) => error !== undefined);
      if (wrong) return wrong.message;
      const days = Math.floor((Date.parse(certificate.valid_to) - Date.now()) / dayMilliseconds);
      return days >= leastDaysLeft ? undefined : `it ends in ${days} days`;
    }),
    check("old", `${door.name} refuses TLS 1.1`, async () => {
      try {
        // OpenSSL has TLS 1.1 at its lowest level only.
        await handshake({ minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" });
      } catch (error) {
        const { code = "" } = error as { code?: string };
        if (/ALERT/.test(code) || code === "ECONNRESET") return undefined;
        if (code.startsWith("ERR_SSL")) throw new NotRun(`this machine cannot speak TLS 1.1 to ask: ${code}`);
        throw error;
      }
      return "a connection with TLS 1.1";
    }),
  ];
}

interface Handshake {
  readonly version: string | null;
  readonly certificate: ReturnType<TLSSocket["getPeerCertificate"]>;
}

/** Connects and closes. @throws {Error} with the code that OpenSSL gives, when the handshake fails */
function secured(door: Door, options: ConnectionOptions): Promise<Handshake> {
  const { hostname: host, port } = new URL(door.origin);
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port || 443), servername: door.name, ...options }, () => {
      const handshake = { version: socket.getProtocol(), certificate: socket.getPeerCertificate() };
      socket.destroy();
      resolve(handshake);
    });
    socket.setTimeout(timeoutMilliseconds, () => socket.destroy(new Error("no handshake in time")));
    socket.once("error", reject);
  });
}
