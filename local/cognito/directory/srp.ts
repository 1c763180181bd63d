import {
  createDiffieHellman,
  createHash,
  createHmac,
  getDiffieHellman,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";

/** The group of 3,072 bits of RFC 3526, which Cognito uses with the generator 2. */
const primeBytes = getDiffieHellman("modp15").getPrime();
const prime = numberOf(primeBytes);
const group = createDiffieHellman(primeBytes, 2);
const multiplier = numberOf(sha256(padded(prime), Buffer.from([2])));
const keyInfo = "Caldera Derived Key";

/** What is kept of a password: no one can sign in with it alone. */
export interface PasswordVerifier {
  readonly salt: Buffer<ArrayBuffer>;
  readonly verifier: bigint;
}

/** The server's part of an SRP sign-in. */
export interface SrpChallenge {
  readonly salt: Buffer;
  readonly verifier: bigint;
  readonly clientPublic: bigint;
  readonly serverPublic: bigint;
  readonly serverSecret: bigint;
}

/** What a client answers to a challenge. */
export interface SrpAnswer {
  /** Part of the pool's id after the region. */
  readonly poolName: string;
  readonly userId: string;
  readonly secretBlock: Buffer;
  readonly timestamp: string;
  readonly signature: Buffer;
}

/** Makes what is kept of a password. @param salt  16 random bytes unless given */
export function verifierOf(
  poolName: string,
  userId: string,
  password: string,
  salt = randomBytes(16),
): PasswordVerifier {
  return { salt, verifier: power(2n, secretOf(poolName, userId, password, salt)) };
}

/** Tells whether a password is the one that a verifier was made of. */
export function hasPassword(
  { salt, verifier }: PasswordVerifier,
  poolName: string,
  userId: string,
  password: string,
): boolean {
  const asked = verifierOf(poolName, userId, password, salt).verifier;
  return timingSafeEqual(sha256(padded(asked)), sha256(padded(verifier)));
}

/** Begins an SRP sign-in. @param clientPublic  `SRP_A`, hexadecimal @returns undefined for a value that no client sends */
export function challengeOf({ salt, verifier }: PasswordVerifier, clientPublic: string): SrpChallenge | undefined {
  if (!/^[0-9a-fA-F]{1,770}$/.test(clientPublic)) return undefined;
  const parsed = BigInt(`0x${clientPublic}`);
  if (parsed % prime === 0n) return undefined;
  const serverSecret = numberOf(randomBytes(32));
  const serverPublic = (multiplier * verifier + power(2n, serverSecret)) % prime;
  return { salt, verifier, clientPublic: parsed, serverPublic, serverSecret };
}

/**
 * Tells whether a client that answers so knows the password.
 * @see https://www.rfc-editor.org/rfc/rfc5054, with Cognito's hash (SHA-256) and key derivation
 */
export function answersChallenge(challenge: SrpChallenge, answer: SrpAnswer): boolean {
  const { clientPublic, serverPublic, serverSecret, verifier } = challenge;
  const scrambler = numberOf(sha256(padded(clientPublic), padded(serverPublic)));
  if (scrambler === 0n) return false;
  let shared: bigint;
  try {
    shared = power((clientPublic * power(verifier, scrambler)) % prime, serverSecret);
  } catch {
    return false; // not of the group, as no client's is
  }
  const key = Buffer.from(hkdfSync("sha256", padded(shared), padded(scrambler), keyInfo, 16));
  const { poolName, userId, secretBlock, timestamp, signature } = answer;
  const expected = createHmac("sha256", key)
    .update(poolName)
    .update(userId)
    .update(secretBlock)
    .update(timestamp)
    .digest();
  return signature.length === expected.length && timingSafeEqual(signature, expected);
}

function secretOf(poolName: string, userId: string, password: string, salt: Buffer): bigint {
  return numberOf(sha256(padded(numberOf(salt)), sha256(Buffer.from(`${poolName}${userId}:${password}`))));
}

/** Returns `base ** exponent` of the group by OpenSSL, which takes a millisecond where BigInt takes a hundred. */
function power(base: bigint, exponent: bigint): bigint {
  group.setPrivateKey(bytesOf(exponent));
  return numberOf(group.computeSecret(bytesOf(base)));
}

/** Returns a number as Cognito hashes it: with a zero byte in front of one that begins with a set bit. */
function padded(value: bigint): Buffer {
  const bytes = bytesOf(value);
  return bytes[0]! >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes;
}

function bytesOf(value: bigint): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
}

function numberOf(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString("hex")}`);
}

function sha256(...parts: Buffer[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}
