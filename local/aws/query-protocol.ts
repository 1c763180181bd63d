/** What a form says: texts, and what is below a name. */
export type FormValue = string | { readonly [name: string]: FormValue };

/**
 * Returns the parameters of a call in the query protocol as a tree, by the dots in their names.
 * @example formTree("Attributes.entry.1.key=a&Attributes.entry.1.value=b") // { Attributes: { entry: { "1": { key: "a", value: "b" } } } }
 */
export function formTree(form: URLSearchParams): { readonly [name: string]: FormValue } {
  const root: Record<string, any> = Object.create(null);
  for (const [name, value] of form) {
    const parts = name.split(".");
    let at = root;
    for (const part of parts.slice(0, -1)) {
      if (typeof at[part] !== "object") at[part] = Object.create(null);
      at = at[part];
    }
    at[parts.at(-1)!] = value;
  }
  return root;
}

/** Returns what is below the numbers 1, 2, ... of a list, in their order; nothing for what is no list. */
export function listOf(value: FormValue | undefined): FormValue[] {
  if (value === undefined || typeof value === "string") return [];
  const numbers = Object.keys(value).filter((key) => /^\d+$/.test(key));
  return numbers.sort((a, b) => Number(a) - Number(b)).map((number) => value[number]!);
}

/** Returns the texts of a list. */
export function textsOf(value: FormValue | undefined): string[] {
  return listOf(value).filter((each) => typeof each === "string");
}

/** Returns the fields of a structure; none for a text, or for nothing. */
export function fieldsOf(value: FormValue | undefined): Readonly<Record<string, FormValue | undefined>> {
  return typeof value === "object" ? value : {};
}

/** A value that can be written as XML: a list repeats its element. */
export type XmlValue =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlValue[]
  | { readonly [name: string]: XmlValue };

/** Returns elements of XML with a name: one for each value of a list, none for undefined. */
export function xml(name: string, value: XmlValue): string {
  if (value === undefined) return "";
  if (Array.isArray(value)) return value.map((each) => xml(name, each)).join("");
  const content =
    typeof value === "object"
      ? Object.entries(value)
          .map(([key, each]) => xml(key, each))
          .join("")
      : escapedXml(String(value));
  return `<${name}>${content}</${name}>`;
}

/** Returns the answer of an operation. @param requestId  of the call */
export function queryAnswer(operation: string, result: XmlValue, namespace: string, requestId: string): string {
  const metadata = xml("ResponseMetadata", { RequestId: requestId });
  const content = result === undefined ? "" : xml(`${operation}Result`, result);
  return `<?xml version="1.0"?><${operation}Response xmlns="${namespace}">${content}${metadata}</${operation}Response>`;
}

/** Escapes what XML has meanings for, and the control characters that it would read otherwise. */
export function escapedXml(text: string): string {
  return text.replace(/[<>&"\r]/g, (each) => `&#${each.charCodeAt(0)};`);
}
