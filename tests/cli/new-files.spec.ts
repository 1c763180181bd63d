import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { withoutService, withService } from "../../cli/new/catalog-file";
import { withoutServiceEntry, withServiceEntry } from "../../cli/new/environment-file";
import { renamer } from "../../cli/new/names";
import { change, recover } from "../../cli/new/tree";
import { projectRoot } from "../../graph/project-root";

describe("a service's name in place of another", () => {
  const cases: readonly (readonly [from: string, to: string, before: string, after: string])[] = [
    ["food-store", "book-store", "/food-store/foods/{id}", "/book-store/books/{id}"],
    ["food-store", "book-store", "foodStore, FoodStore, FOOD_STORE", "bookStore, BookStore, BOOK_STORE"],
    ["food-store", "book-store", "Stores a food; Food store of foods", "Stores a book; Book store of books"],
    ["food-store", "apple-store", "a food, A food", "an apple, An apple"],
    ["food-store", "berry-store", "foods, Foods, putFood", "berries, Berries, putBerry"],
    ["food-store", "box-store", "list-foods", "list-boxes"],
    ["pet-store", "toy-store", "carpet, petal, competes, put-pet", "carpet, petal, competes, put-toy"],
    ["food-store", "library", "food-store of foods", "library of foods"],
    [
      "shipping",
      "parcels",
      "shipping: shippingRates, Shipping, shippings",
      "parcels: parcelsRates, Parcels, shippings",
    ],
  ];
  for (const [from, to, before, after] of cases) {
    it(`${from} to ${to}: ${before}`, () => assert.equal(renamer(from, to)(before), after));
  }
});

describe("an environment's file", () => {
  const file = (text: string) => ({ path: "Pulumi.test.yaml", text });
  const add = (text: string, like = "a-store") => withServiceEntry(file(text), "book-store", like);
  const head = "# first\nconfig:\n  platform:services:\n";

  it("keeps every other character, comments and order included", () => {
    for (const environment of ["dev", "prod"]) {
      const text = readFileSync(join(projectRoot, `Pulumi.${environment}.yaml`), "utf8");
      const added = withServiceEntry({ path: "x", text }, "new-store", "shipping");
      const lines = added.split("\n").filter((line) => !text.split("\n").includes(line));
      assert.deepEqual(lines, ["    new-store: { pattern: ec2, legacyUrl: https://legacy.example.com/rates }"]);
      assert.equal(withoutServiceEntry({ path: "x", text: added }, "new-store"), text);
    }
  });

  it("gets the entry after the last one, also when more follows", () => {
    const text = `${head}    a-store: { pattern: ecs } # why\n  # about tokens\n  platform:tokens: {}\n`;
    const added = add(text);
    assert.equal(added, text.replace("# why\n", "# why\n    book-store: { pattern: ecs }\n"));
    assert.equal(withoutServiceEntry(file(added), "book-store"), text);
  });

  it("gets a whole line where the last one has no end", () => {
    assert.equal(
      add(`${head}    a-store: { pattern: ecs }`),
      `${head}    a-store: { pattern: ecs }\n    book-store: { pattern: ecs }`,
    );
  });

  it("gets neither sizes nor keys of a pattern nor changes of routes", () => {
    const entry = "pattern: ecs, capacity: { peak: 3 }, ecs: { ingress: alb }, routes: { get-a: { enabled: false } }";
    assert.deepEqual(parse(add(`${head}    a-store: { ${entry} }\n`)).config["platform:services"]["book-store"], {
      pattern: "ecs",
    });
  });

  it("loses an entry of several lines with its comments, and no other", () => {
    const rest = `${head}    a-store: { pattern: ecs }\n    # about c\n    c-store: { pattern: ecs }\n`;
    const entry = "    book-store:\n      # why\n      pattern: ec2 # this\n      capacity: { peak: 2 }\n";
    const text = rest.replace("    # about c", `${entry}    # about c`);
    assert.equal(withoutServiceEntry(file(text), "book-store"), rest);
  });

  for (const [title, text] of [
    ["a flow", "config:\n  platform:services: { a-store: { pattern: ecs } }\n"],
    ["nothing", "config:\n  platform:regions: []\n"],
    ["broken YAML", "config: [\n"],
  ] as const) {
    it(`is refused when its services are ${title}`, () =>
      assert.throws(() => add(text), {
        name: "UserError",
        message:
          "Pulumi.test.yaml must list platform:services as one entry a line, got another form; write one service a line",
      }));
  }
});

describe("apps/catalog.ts", () => {
  const text = readFileSync(join(projectRoot, "apps/catalog.ts"), "utf8");

  it("gets the file of a service whose contract is one, and loses it again", () => {
    const added = withService(text, "notes", "reviews");
    assert.match(added, /^import notes from "\.\/notes\/openapi\.json";$/m);
    assert.match(added, /^ {2}notes: openApiService\(notes\),$/m);
    assert.equal(withoutService(added, "notes"), text);
  });

  it("gets an import in the order of paths and a line at the end, and loses them again", () => {
    for (const name of ["aa-store", "mm-store", "zz", "zz-store"]) {
      const added = withService(text, name);
      const imports = [...added.matchAll(/^import .* from "(.*)";$/gm)].map(([, path]) => path!);
      assert.deepEqual(imports, [...imports].sort());
      assert.equal(added.split("\n").length, text.split("\n").length + 2);
      assert.equal(withoutService(added, name), text);
    }
  });

  it("is refused in another form", () => {
    assert.throws(
      () => withService("export const catalog = {};\n", "a"),
      /got another form; add the line of a by hand$/,
    );
    assert.throws(
      () => withoutService(text.replace(/^ {2}shipping: .*$/m, ""), "shipping"),
      /take the lines of shipping out/,
    );
  });
});

describe("a change of files", () => {
  let root: string;
  const read = (path: string) => readFileSync(join(root, path), "utf8");
  const journal = () => join(root, ".cache/new-unfinished.json");
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "new-files-"));
    writeFileSync(join(root, "a"), "a1");
    mkdirSync(join(root, "folder"));
    writeFileSync(join(root, "folder/b"), "b1");
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it("writes, makes and deletes, and leaves no empty folder", () => {
    change(
      root,
      new Map([
        ["a", "a2"],
        ["folder/b", undefined],
        ["new/below/c", "c"],
      ]),
    );
    assert.deepEqual([read("a"), read("new/below/c"), existsSync(join(root, "folder"))], ["a2", "c", false]);
    assert.equal(existsSync(journal()), false);
  });

  it("leaves everything as it was when a file cannot be written", () => {
    mkdirSync(join(root, "folder/b.d"));
    assert.throws(
      () =>
        change(
          root,
          new Map([
            ["a", "a2"],
            ["new/c", "c"],
            ["folder/b", undefined],
            ["a/below", "x"],
          ]),
        ),
      {
        name: "UserError",
        message: /^the files cannot be changed: .*; all are as they were$/,
      },
    );
    assert.deepEqual([read("a"), read("folder/b"), existsSync(join(root, "new"))], ["a1", "b1", false]);
    assert.equal(existsSync(journal()), false);
  });

  it("is undone after a process that was killed, but for files that were changed since", () => {
    assert.equal(recover(root), false);
    mkdirSync(join(root, ".cache"));
    writeFileSync(
      journal(),
      JSON.stringify([
        { path: "a", before: "a0", after: "a1" },
        { path: "folder/b", before: "b0", after: "b by the command" },
        { path: "c", before: "c0" },
      ]),
    );
    assert.equal(recover(root), true);
    assert.deepEqual([read("a"), read("folder/b"), read("c")], ["a0", "b1", "c0"]);
    assert.equal(recover(root), false);
  });
});
