import assert from "node:assert/strict";
import { readPolicy } from "../../../local/iam/policy";
import { RoleSessions } from "../../../local/sts/role-sessions";

const policy = readPolicy({ Version: "2012-10-17", Statement: [] }, "identity");
const roles = ["a", "b"].map((name) => ({
  ...{ arn: `arn:aws:iam::123456789012:role/path/${name}`, name, account: "123456789012" },
  identity: [policy],
}));
const [first, second] = roles as [(typeof roles)[number], (typeof roles)[number]];

describe("sessions of planned roles", () => {
  const key = Buffer.alloc(32, 1);

  it("know whose an access key is, with the role's policies, in every process that has the platform's key", () => {
    const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = new RoleSessions(roles, key).open(second.arn);
    assert.match(accessKeyId, /^ASIA[A-Z2-7]{20}$/);
    assert.deepEqual(new RoleSessions(roles, key).find(accessKeyId), {
      caller: {
        kind: "session",
        arn: "arn:aws:sts::123456789012:assumed-role/b/local",
        role: second.arn,
        account: "123456789012",
      },
      identity: [policy],
      ...{ secretAccessKey, sessionToken, expiresAt },
    });
  });

  it("gives every process keys of its own, for six hours", () => {
    const now = Date.UTC(2031, 4, 6);
    const sessions = new RoleSessions(roles, key, () => now);
    const opened = Array.from({ length: 100 }, () => sessions.open(first.arn));
    assert.equal(new Set(opened.map(({ accessKeyId }) => accessKeyId)).size, 100);
    assert.equal(new Set(opened.map(({ secretAccessKey }) => secretAccessKey)).size, 100);
    assert.deepEqual([...new Set(opened.map(({ expiresAt }) => expiresAt))], [now + 6 * 3_600_000]);
  });

  it("do not know keys that were not given out: of another start, of another role, of another end, made up", () => {
    const sessions = new RoleSessions(roles, key);
    const { accessKeyId } = sessions.open(first.arn);
    const changed = (at: number) =>
      accessKeyId.slice(0, at) + (accessKeyId[at] === "B" ? "C" : "B") + accessKeyId.slice(at + 1);
    for (const at of [6, 8, 15, 23]) assert.equal(sessions.find(changed(at)), undefined, changed(at));
    for (const other of ["", "AKIDEXAMPLE", accessKeyId.toLowerCase(), `${accessKeyId}A`]) {
      assert.equal(sessions.find(other), undefined, other);
    }
    assert.equal(new RoleSessions(roles).find(accessKeyId), undefined);
  });

  it("are of planned roles only", () => {
    const sessions = new RoleSessions(roles, key);
    assert.deepEqual([sessions.has(first.arn), sessions.has("arn:aws:iam::123456789012:role/c")], [true, false]);
    assert.throws(() => sessions.open("arn:aws:iam::123456789012:role/c"), /role\/c is not planned/);
  });
});
