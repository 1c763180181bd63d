/**
 * Header by which services know whose token the gateway has verified: the pool's `sub`, or `<issuer>|<sub>` of another
 * issuer. The gateway overwrites what a client sends by this name.
 */
export const subjectHeader = "x-subject";
