/** Digest of an image that no registry has. */
export const outsideDigest = `sha256:${"1a".repeat(32)}`;

/** A service by an image from outside, as an environment's file has it. */
export const outsideNotes = {
  pattern: "ecs",
  image: `ghcr.io/acme/notes@${outsideDigest}`,
  port: 3000,
  healthPath: "/health",
  contract: "contracts/notes.json",
} as const;
