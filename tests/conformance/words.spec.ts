import assert from "node:assert/strict";
import * as ts from "typescript";
import { plainer } from "./plain-words";
import { folders, sourcesOf } from "./sources";

interface Text {
  readonly line: number;
  readonly what: string;
  readonly text: string;
}

/** Names that a source declares, its docstrings and its messages. */
function textsOf(path: string, text: string): Text[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const found: Text[] = [];
  const add = (at: number, what: string, words: string) =>
    found.push({ line: source.getLineAndCharacterOfPosition(at).line + 1, what, text: words });
  const visit = (node: ts.Node): void => {
    const { name } = node as { name?: ts.Node };
    if (name !== undefined && ts.isIdentifier(name)) add(name.pos, "name", name.text);
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      add(node.pos, "message", (node as ts.LiteralLikeNode).text);
    }
    for (const doc of ts.getJSDocCommentsAndTags(node)) add(doc.pos, "docstring", doc.getText(source));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Words of a text, those inside a camelCase name included, in lower case. */
function wordsOf(text: string): string[] {
  return text
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .split(/[^A-Za-z]+/)
    .map((word) => word.toLowerCase());
}

/** Exported declarations of a source that have no docstring. */
function undocumented(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  return source.statements.flatMap((statement) => {
    const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
    if (!modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
    if (ts.getJSDocCommentsAndTags(statement).length > 0) return [];
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.map((each) => `${path} ${each.name.getText(source)}`);
    }
    return [`${path} ${(statement as { name?: ts.Identifier }).name?.text ?? "default"}`];
  });
}

/** A table of AWS's own names. */
const namesOfAws = "policy/stack/actions-without-resource.ts";

describe("names, docstrings and messages", () => {
  const sources = folders.flatMap(sourcesOf);

  for (const folder of folders) {
    it(`use plain words in ${folder}`, () => {
      const refused = sources
        .filter(({ path }) => path.startsWith(`${folder}/`) && path !== namesOfAws)
        .flatMap(({ path, text }) =>
          textsOf(path, text).flatMap(({ line, what, text: each }) =>
            wordsOf(each)
              .filter((word) => Object.hasOwn(plainer, word))
              .map((word) => `${path}:${line} ${what} has "${word}"; write: ${plainer[word]}`),
          ),
        );
      assert.deepEqual([...new Set(refused)], []);
    });

    it(`explain every exported symbol of ${folder}`, () => {
      const missing = sources
        .filter(({ path }) => path.startsWith(`${folder}/`) && path.endsWith(".ts"))
        .flatMap(({ path, text }) => undocumented(path, text));
      assert.deepEqual(missing, []);
    });
  }

  it("are found in names, docstrings and messages alike", () => {
    const text = '/** Holds a table. */\nexport const soundTable = "mend it";\nexport function plain() {}\n';
    const words = textsOf("a.ts", text).flatMap((each) => wordsOf(each.text).filter((word) => word in plainer));
    assert.deepEqual([...new Set(words)].sort(), ["holds", "mend", "sound"]);
    assert.deepEqual(undocumented("a.ts", text), ["a.ts plain"]);
  });
});
