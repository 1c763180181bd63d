import assert from "node:assert/strict";
import { subjectOf } from "../../apps/kit/subject";

describe("the subject of a request", () => {
  const headers = new Headers({ "x-subject": "corporate|alice" });
  const ofEvent = (authorizer: object | null) => subjectOf(headers, { event: { requestContext: { authorizer } } });

  it("is what the gateway says in a header, to a server", () => {
    assert.equal(subjectOf(headers, undefined), "corporate|alice");
    assert.equal(subjectOf(new Headers(), undefined), undefined);
  });

  it("is what the authorizer says in the event, to a function", () => {
    assert.equal(ofEvent({ lambda: { subject: "corporate|bob" } }), "corporate|bob");
    assert.equal(ofEvent({ jwt: { claims: { sub: "ann" } } }), "ann");
    assert.equal(ofEvent({ subject: "corporate|bob" }), "corporate|bob");
    assert.equal(ofEvent({ claims: { sub: "ann" } }), "ann");
    for (const none of [null, {}, { lambda: {} }, { jwt: {} }]) assert.equal(ofEvent(none), undefined);
  });

  it("is none where it is no plain name", () => {
    for (const subject of [["ann"], 1, "", "a b", "a\nb", "a,b", "a".repeat(301)]) {
      assert.equal(ofEvent({ subject }), undefined, JSON.stringify(subject));
    }
  });
});
