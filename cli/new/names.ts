/** Ways to write a service's name, in the order in which a text is searched for them. */
function formsOf(name: string): string[] {
  const words = name.split("-");
  const capital = words.map(upperFirst);
  return [
    name,
    camelName(name),
    capital.join(""),
    upperFirst(words.join(" ")),
    capital.join(" "),
    words.join(" "),
    words.join("_"),
    words.join("_").toUpperCase(),
  ];
}

/** Writes a service's name as code writes it. @example camelName("food-store") // "foodStore" */
export function camelName(name: string): string {
  const [first = "", ...rest] = name.split("-");
  return first + rest.map(upperFirst).join("");
}

function upperFirst(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

/**
 * Returns a function that writes one service's name in place of another's, in every form in which code and texts write
 * it. Where only the first words of the names differ, it names what the service stores, and is replaced by itself too.
 * @example renamer("food-store", "book-store")("/food-store/foods/{id}") // "/book-store/books/{id}"
 */
export function renamer(from: string, to: string): (text: string) => string {
  const pairs = [...new Map(formsOf(from).map((form, i) => [form, formsOf(to)[i]!]))];
  const nouns = nounsOf(from, to);
  return (text) => {
    const named = pairs.reduce((each, [old, name]) => each.replaceAll(wordPart(old), name), text);
    return nouns ? replaceNoun(named, ...nouns) : named;
  };
}

/** A text where it is no part of a longer word: letters may continue with a capital after it, and with one before it. */
function wordPart(text: string): RegExp {
  const before = /^[a-z]/.test(text) ? "(?<![A-Za-z0-9])" : "(?<![A-Z])";
  return new RegExp(`${before}${text}(?![a-z0-9])`, "g");
}

function nounsOf(from: string, to: string): [string, string] | undefined {
  const [old = "", ...oldRest] = from.split("-");
  const [noun = "", ...rest] = to.split("-");
  return rest.length > 0 && oldRest.join("-") === rest.join("-") ? [old, noun] : undefined;
}

function replaceNoun(text: string, old: string, noun: string): string {
  const article = /^[aeiou]/.test(noun) ? "an" : "a";
  return text
    .replaceAll(new RegExp(`\\b([Aa])n? (?=${old}\\b)`, "g"), (_, first: string) => `${first}${article.slice(1)} `)
    .replaceAll(new RegExp(`(?<![A-Za-z])${plural(old)}(?![a-z])`, "g"), plural(noun))
    .replaceAll(new RegExp(`(?<![A-Za-z])${old}(?![a-z])`, "g"), noun)
    .replaceAll(new RegExp(`${upperFirst(plural(old))}(?![a-z])`, "g"), upperFirst(plural(noun)))
    .replaceAll(new RegExp(`${upperFirst(old)}(?![a-z])`, "g"), upperFirst(noun));
}

function plural(noun: string): string {
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`;
}
