import { editsOf, type Threat, testsOf } from "./threat";

const sessions = testsOf("tests/apps/sessions.spec.ts");
const session = editsOf("apps/kit/session.ts");
const store = editsOf("apps/kit/session-store.ts");

/** What callers do with their own sessions and with those of others. */
export const sessionThreats: readonly Threat[] = [
  {
    input: "A stolen id with the thief's own token, also of another issuer with the same subject",
    result: "404, as for an id that never was",
    test: sessions("of another caller does not exist, with the same answer as one that nothing ever started"),
    removals: [[store("JSON.stringify([service, caller, id])", "JSON.stringify([service, id])")]],
  },
  {
    input: "An id that an attacker chooses and has a victim use",
    result: "404: a session starts under an id of the service's own alone",
    test: sessions("is not started under an id that a client chooses"),
    removals: [
      [
        session("if (starts) return", "if (starts && sessionId === undefined) return"),
        store(
          "if (live === undefined) throw noSession();",
          "if (live === undefined) return sessionOf(id, key, of, { stored: { version: 0 } as Stored, data: of.first });",
        ),
      ],
    ],
  },
  {
    input: "Ids that are guessed or counted through",
    result: "256 random bits, and a caller's own token for each guess",
    test: sessions("has an id of 256 random bits, which only the answer to its start has"),
    removals: [[store("randomBytes(32)", "randomBytes(8)")]],
  },
  {
    input: "The table, a backup or an export of it in other hands",
    result: "hashes, and no id that opens a session",
    test: sessions("has an id of 256 random bits, which only the answer to its start has"),
    removals: [[store("const key = keyOf(service, caller, id);\n      const at", "const key = id;\n      const at")]],
  },
  {
    input: "An id of another form, two of them, or none",
    result: "400, and the table is not asked",
    test: sessions("needs an id of its form, and a caller whom the gateway has verified"),
    removals: [
      [session("if (!validId.test(sessionId))", "if (sessionId === null)")],
      [session("if (sessionId === undefined)", "if (sessionId === null)")],
    ],
  },
  {
    input: "A request to a session whose caller no gateway has verified",
    result: "400",
    test: sessions("needs an id of its form, and a caller whom the gateway has verified"),
    removals: [[session("if (subject === undefined)", "if (subject === null)")]],
  },
  {
    input: "A route of a session that needs no token",
    result: "no contract has it",
    test: sessions("is refused with a route that anyone may ask, one that streams, and one of another answerer"),
    removals: [[session('if (access === "write" && !stream', "if (!stream")]],
  },
  {
    input: "A session that is not used any more, or is used for ever",
    result: "over after its idle time and its longest time, though the table still has it",
    test: sessions("is over when its longest time has passed, however much it is used"),
    removals: [[store("return Math.min(idle, startedAt + of.maxSeconds * 1_000);", "return idle;")]],
  },
  {
    input: "A session that was ended, in a request that began before",
    result: "stays over",
    test: sessions("is over when it was ended, for a change that began earlier too, and ends twice without harm"),
    removals: [[store("stored === undefined || stored.ended ||", "stored === undefined ||")]],
  },
  {
    input: "Data without an end",
    result: "413 over 16 KB",
    test: sessions("takes 16 KB of data and no more, and keeps what it had"),
    removals: [[store("if (Buffer.byteLength(text) <= maxBytes)", "if (text.length <= maxBytes)")]],
  },
  {
    input: "Changes at the same moment, to have one undo another",
    result: "made one after the other",
    test: sessions("loses no change of 12 that come at the same moment to two servers"),
    removals: [[store(', ifNewerBy: "version" }', " }")]],
  },
];
