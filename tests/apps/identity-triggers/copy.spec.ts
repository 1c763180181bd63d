import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { createCopy, type OtherUser, type Pools } from "../../../apps/identity-triggers/copy";
import { createPostAuthenticationTrigger } from "../../../apps/identity-triggers/post-authentication";
import { createPostConfirmationTrigger } from "../../../apps/identity-triggers/post-confirmation";
import { subjectOf } from "../../../apps/identity-triggers/subject";
import { sub, triggerEvent } from "./events";

/** A user of the other pool, as it is kept by `pools`. */
interface Kept extends OtherUser {
  readonly attributes: Readonly<Record<string, string>>;
  readonly groups: Set<string>;
  password?: string;
  status: string;
}

/** Two pools in memory; `fail` names operations that fail. */
function twoPools() {
  const users = new Map<string, Kept>();
  const calls: string[] = [];
  const records: string[] = [];
  /** `custom:copy` of users of the other pool, after changes of their address. */
  const notes = new Map<string, string>();
  const fail = new Set<string>();
  const called = async (name: string) => {
    calls.push(name);
    if (fail.has("silent")) await sleep(60_000, undefined, { ref: false });
    if (fail.has(name)) throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  };
  const byId = (id: string) => [...users.values()].find((each) => each.id === id)!;
  const pools: Pools = {
    groupsOf: () => called("groupsOf").then(() => ["editors"]),
    record: (_user, copy) => called("record").then(() => void records.push(copy)),
    make: async (attributes) => {
      await called("make");
      const email = attributes["email"]!;
      if (users.has(email)) return undefined;
      const id = `copy-${users.size + 1}`;
      const status = "FORCE_CHANGE_PASSWORD";
      users.set(email, { id, subject: attributes["custom:subject"], status, email, attributes, groups: new Set() });
      return id;
    },
    find: (name) => called("find").then(() => users.get(name) ?? byId(name)),
    setPassword: async (id, password) => {
      await called("setPassword");
      Object.assign(byId(id), { password, status: "CONFIRMED" });
    },
    join: (id, group) => called("join").then(() => void byId(id).groups.add(group)),
    remove: async (id) => {
      await called("remove");
      users.delete(byId(id).attributes["email"]!);
    },
    changeAddress: async (id, email, copy) => {
      await called("changeAddress");
      if (users.has(email)) return false;
      notes.set(id, copy);
      const [old, user] = [...users].find(([, each]) => each.id === id)!;
      users.delete(old);
      users.set(email, { ...user, email });
      return true;
    },
  };
  /** Signs someone up in the other pool, who has not verified the address. */
  const squat = async (email: string) => {
    await pools.make({ email });
    users.get(email)!.status = "UNCONFIRMED";
  };
  return { pools, users, calls, records, notes, fail, squat };
}

const confirmed = (attributes: Record<string, string> = {}) => {
  const event = triggerEvent("PostConfirmation_ConfirmSignUp");
  Object.assign(event.request.userAttributes, attributes);
  return event;
};

describe("copying people to the other region's user pool", () => {
  const failures: string[] = [];
  const onFailure = (what: string) => void failures.push(what);
  beforeEach(() => failures.splice(0));

  it("makes a user who can recover a password, in the same groups, and knows whom it is a copy of", async () => {
    const { pools, users, records } = twoPools();
    await createCopy({ pools, onFailure })(confirmed({ name: "Ann" }));
    const { attributes, groups, status, password } = users.get("ann@example.com")!;
    const marks = { "custom:subject": sub, "custom:copy": `${sub} ann@example.com` };
    assert.deepEqual(attributes, { email: "ann@example.com", email_verified: "true", name: "Ann", ...marks });
    assert.deepEqual([[...groups], status], [["editors"], "CONFIRMED"]);
    assert.match(password!, /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*!).{80,99}$/);
    assert.deepEqual(records, ["copy-1 ann@example.com"]);
    assert.deepEqual(failures, []);
  });

  it("asks the other region nothing for a person who is copied, who is a copy, or who is at a provider", async () => {
    const { pools, calls } = twoPools();
    const copy = createCopy({ pools, onFailure });
    await copy(confirmed({ "custom:copy": "copy-1 ann@example.com" }));
    await copy(confirmed({ "custom:subject": "other", "custom:copy": "other ann@example.com" }));
    await copy(confirmed({ "custom:subject": "other" }));
    await copy(confirmed({ "cognito:user_status": "EXTERNAL_PROVIDER" }));
    await copy(confirmed({ email_verified: "false" }));
    assert.deepEqual(calls, []);
  });

  it("goes on where it stopped, as often as it is asked, and leaves a password that the person has set", async () => {
    for (const stops of ["setPassword", "join", "record"]) {
      const { pools, users, fail, calls, records } = twoPools();
      fail.add(stops);
      let now = 0;
      const copy = createCopy({ pools, onFailure, now: () => now });
      await copy(confirmed());
      assert.deepEqual(records, [], stops);
      const user = users.get("ann@example.com")!;
      if (stops !== "setPassword") user.password = "set by the person";
      fail.clear();
      now = 16_000;
      await copy(confirmed());
      assert.deepEqual(
        [[...user.groups], user.status, records],
        [["editors"], "CONFIRMED", ["copy-1 ann@example.com"]],
      );
      if (stops !== "setPassword") assert.equal(user.password, "set by the person", stops);
      assert.equal(users.size, 1);
      assert.ok(calls.length > 0);
    }
  });

  it("changes the address of the copy, so that whoever has the old mailbox cannot recover it", async () => {
    const { pools, users, records, notes } = twoPools();
    const copy = createCopy({ pools, onFailure });
    await copy(confirmed());
    const moved = triggerEvent("PostAuthentication_Authentication", { email: "ann@new.example.com" });
    moved.request.userAttributes["custom:copy"] = records[0];
    await copy(moved);
    assert.deepEqual([...users.keys()], ["ann@new.example.com"]);
    assert.equal(records[1], "copy-1 ann@new.example.com");
    assert.equal(notes.get("copy-1"), `${sub} ann@new.example.com`);
  });

  it("changes the address of the original after a change at the copy", async () => {
    const { pools, users, records, calls } = twoPools();
    const original = await pools.make({ email: "ann@example.com" });
    const marks = { "custom:subject": original!, "custom:copy": `${original} ann@example.com` };
    await createCopy({ pools, onFailure })(confirmed({ email: "ann@new.example.com", ...marks }));
    assert.deepEqual([...users.keys()], ["ann@new.example.com"]);
    assert.deepEqual(records, [`${original} ann@new.example.com`]);
    assert.deepEqual(calls, ["make", "find", "changeAddress", "record"]);
  });

  it("leaves the original to its person when the former mailbox changes the copy", async () => {
    const { pools, users, records } = twoPools();
    const original = await pools.make({ email: "ann@new.example.com" });
    const marks = { "custom:subject": original!, "custom:copy": `${original} ann@example.com` };
    await createCopy({ pools, onFailure })(confirmed({ email: "eve@example.com", ...marks }));
    assert.deepEqual([[...users.keys()], records], [["ann@new.example.com"], []]);
    assert.match(failures.join(), /changed the address in each region/);
  });

  it("lets no one keep a person's place by a sign-up with an address that was never verified", async () => {
    const { pools, users, records, squat } = twoPools();
    const copy = createCopy({ pools, onFailure });
    await squat("ann@example.com");
    await copy(confirmed());
    assert.equal(users.get("ann@example.com")!.subject, sub);
    await squat("ann@new.example.com");
    const [note] = records;
    await copy(confirmed({ email: "ann@new.example.com", "custom:copy": note! }));
    assert.deepEqual([...users.keys()], ["ann@new.example.com"]);
    assert.equal(users.get("ann@new.example.com")!.subject, sub);
    assert.deepEqual(failures, []);
  });

  it("leaves an address as it is that another person has verified in the other region", async () => {
    const { pools, users, records, calls } = twoPools();
    const copy = createCopy({ pools, onFailure });
    await copy(confirmed());
    const other = await pools.make({ email: "bob@example.com" });
    await copy(confirmed({ email: "bob@example.com", "custom:copy": records[0]! }));
    assert.deepEqual([users.get("bob@example.com")!.id, records.length, calls.includes("remove")], [other, 1, false]);
    assert.match(failures.join(), /signed up in each region by themselves/);
  });

  it("goes on for others after Cognito has refused one", async () => {
    const { pools, records } = twoPools();
    const refused = Object.assign(new Error("no"), { $fault: "client", name: "UserNotFoundException" });
    const changeAddress = () => Promise.reject(refused);
    const copy = createCopy({ pools: { ...pools, changeAddress }, onFailure, now: () => 0 });
    await copy(confirmed({ "custom:copy": "gone ann@old.example.com" }));
    await copy(confirmed());
    assert.deepEqual([failures.length, records.length], [1, 1]);
  });

  it("never takes another person's user for a copy", async () => {
    const { pools, users, records } = twoPools();
    await pools.make({ email: "ann@example.com" });
    await createCopy({ pools, onFailure })(confirmed());
    const { password, groups } = users.get("ann@example.com")!;
    assert.deepEqual([password, [...groups], records], [undefined, [], []]);
    assert.match(failures.join(), /signed up in each region by themselves/);
  });

  it("when the other region fails or is silent, holds no one up for long and says so once in 15 s", async () => {
    for (const fault of ["make", "silent"]) {
      failures.splice(0);
      const { pools, fail, calls } = twoPools();
      fail.add(fault);
      let now = 0;
      const copy = createCopy({ pools, onFailure, now: () => now, longestMs: 50 });
      const began = performance.now();
      for (let i = 0; i < 3; i++) await copy(confirmed());
      assert.ok(performance.now() - began < 1_000);
      assert.equal(failures.length, 1, fault);
      const asked = calls.length;
      now = 15_001;
      await copy(confirmed());
      assert.ok(calls.length > asked, fault);
    }
  });

  it("is part of the triggers after a sign-up and a sign-in, which let everyone in as before", async () => {
    const copied: string[] = [];
    const copy = async ({ triggerSource }: { triggerSource: string }) => void copied.push(triggerSource);
    const up = triggerEvent("PostConfirmation_ConfirmSignUp");
    const signedIn = triggerEvent("PostAuthentication_Authentication");
    const recovered = triggerEvent("PostConfirmation_ConfirmForgotPassword");
    assert.equal(await createPostConfirmationTrigger({ copy, onFailure })(up), up);
    assert.equal(await createPostConfirmationTrigger({ copy, onFailure })(recovered), recovered);
    assert.equal(await createPostAuthenticationTrigger({ copy })(signedIn), signedIn);
    assert.deepEqual(copied, [up.triggerSource, signedIn.triggerSource]);
  });
});

describe("the subject of a user in both pools", () => {
  const of = (userName: string, attributes: Record<string, string>) =>
    subjectOf({ ...triggerEvent("TokenGeneration_HostedAuth"), userName, request: { userAttributes: attributes } });

  it("is that of the user who was copied, of both the same", () => {
    assert.equal(of("a", { sub }), sub);
    assert.equal(of("b", { sub: "b", "custom:subject": sub }), sub);
  });

  it("is the name at the provider for who signs in by one, with other characters hashed", () => {
    const external = { sub: "c", "cognito:user_status": "EXTERNAL_PROVIDER" };
    assert.equal(of("Google_1234", external), "Google_1234");
    assert.match(of("Company_auth0|1", external)!, /^sha256:[0-9a-f]{64}$/);
    assert.notEqual(of("Company_auth0|1", external), of("Company_auth0|2", external));
  });
});
