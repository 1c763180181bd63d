import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../graph/project-root";
import { actionRows, leastPrivilegePage, plansOfRoles } from "./least-privilege";
import { demands } from "./role-action-pages";

describe("docs/least-privilege.md", function () {
  this.timeout(60_000);

  it("has every action of a role of code: by a test that takes it away, or by the page that demands it", async () => {
    const rows = actionRows(await plansOfRoles());
    const neither = rows.filter(({ tests, demand }) => tests.length === 0 && demand === undefined);
    assert.deepEqual(
      neither.map(({ action, roles }) => `${action} of ${roles.join(", ")}`),
      [],
      "add a removal to tests/helpers/removals.ts, or a page to tests/docs/role-action-pages.ts",
    );
    const unused = Object.keys(demands).filter((key) => !rows.some(({ action }) => action === key));
    assert.deepEqual(unused, [], "no role has these any more; remove them from tests/docs/role-action-pages.ts");
  });

  it("is what npm run generate makes", async () => {
    assert.equal(readFileSync(join(projectRoot, "docs/least-privilege.md"), "utf8"), await leastPrivilegePage());
  });
});
