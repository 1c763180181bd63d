import assert from "node:assert/strict";
import { selectPath } from "../../../../local/apigateway/rest/json-path";
import { parsedJson } from "../../../../local/apigateway/rest/templates/java-values";
import { renderVelocity } from "../../../../local/apigateway/rest/templates/velocity";

const json = parsedJson(
  '{"list":[{"a":1},{"a":2}],"empty":[],"map":{"k":"v","n":null},"text":"a-b-c","zero":0,"no":false}',
);

/** What Apache Velocity 1.7 prints, which API Gateway is seen to use; velocityjs alone prints something else for most. */
const templates: readonly [template: string, text: string][] = [
  ["$j.list", '[{"a":1},{"a":2}]'],
  ["$j.map", "{k=v, n=null}"],
  ["#set($l = [1, 2])$l", "[1, 2]"],
  ["$j.nothing.at.all|$nothing|$!nothing", "||"],
  ['#if($j.text == "a-b-c")yes#end#if($j.empty == "")no#end', "yes"],
  ['#if("")empty#end#if($j.zero)zero#end#if($j.no)no#end#if(!$j.nothing)none#end', "emptyzeronone"],
  ["#set($x = 7 / 2)$x", "3"],
  [
    '$j.map.containsKey("k") $j.map.containsKey("x") $j.map.size() $j.list.size() $j.empty.isEmpty()',
    "true false 2 2 true",
  ],
  ['$j.text.length() $j.text.replaceAll("[a-b]", "x") $j.text.split("-").size() $j.text.substring(2)', "5 x-x-c 3 b-c"],
  ["#foreach($e in $j.list)$foreach.count:$e.a#if($foreach.hasNext),#end#end", "1:1,2:2"],
  ["#foreach($e in $j.map.entrySet())$e.key=$e.value;#end", "k=v;n=;"],
  ['#set($m = {})$!m.put("a", 1)$m', "{a=1}"],
  ['#if($j.text.matches("a.*") && $j.text.contains("-") || false)yes#else no#end', "yes"],
];

describe("mapping templates", () => {
  for (const [template, text] of templates) {
    it(`print ${JSON.stringify(text)} for ${template}`, () => {
      assert.equal(renderVelocity(template, { j: json }), text);
    });
  }

  it("refuse a method that they do not have, by name", () => {
    assert.throws(() => renderVelocity("$j.text.chars()", { j: json }), /no method "chars" on the local platform/);
  });

  it("cannot reach what is behind their values", () => {
    for (const name of ["constructor", "__proto__", "prototype"]) {
      assert.equal(renderVelocity(`$j.map.${name}.x`, { j: json }), "");
    }
    assert.equal(renderVelocity('$j.text.constructor("return 1")', { j: json }), "");
    assert.throws(() => renderVelocity('$j.list.filter.call("x")', { j: json }), /no method "call"/);
    renderVelocity('$j.map.put("__proto__", "x")', { j: json });
    assert.equal(Object.getPrototypeOf({}).x, undefined);
  });
});

describe("JSONPath of templates", () => {
  const value = { a: { "b c": [1, { d: 2 }] }, e: [{ d: 3 }, { d: 4 }] };
  const paths: readonly [string, unknown][] = [
    ["$", value],
    ["$.a['b c'][1].d", 2],
    ['$["a"]["b c"][-1].d', 2],
    ["$.e[*].d", [3, 4]],
    ["$..d", [2, 3, 4]],
    ["$.nothing.x", undefined],
    ["$.e.length", undefined],
  ];
  for (const [path, expected] of paths) {
    it(`selects by ${path}`, () => assert.deepEqual(selectPath(value, path), expected));
  }

  it("refuses what it does not support", () => {
    assert.throws(() => selectPath(value, "$.e[?(@.d > 3)]"), /JSONPath \$\.e\[\?\(@\.d > 3\)\]: cannot read/);
  });
});
