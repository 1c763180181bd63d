import { exampleId, type Operation, type Parameter } from "./document";
import { isObject, type Json } from "./schema";

/** What is entered for the parameters of an operation, by name. */
export type Values = Readonly<Record<string, Json | undefined>>;

/**
 * Fills in the examples of parameters; where there is none: ids, what the example of an item has by the same name, and a
 * new idempotency key.
 * @param store  the operation that stores an item
 */
export function exampleValues({ path, parameters }: Operation, store: Operation | undefined): Values {
  const example = isObject(store?.body?.example) ? store.body.example : {};
  const exampleOf = ({ name, in: place, example: own }: Parameter): Json | undefined => {
    if (own !== undefined) return own;
    if (place === "path") return exampleId(store ?? { path });
    return name === "Idempotency-Key" ? crypto.randomUUID() : example[name];
  };
  return Object.fromEntries(
    parameters.filter(({ required }) => required).map((parameter) => [parameter.name, exampleOf(parameter)]),
  );
}

/** Returns the path and query of a request. */
export function targetOf({ path, parameters }: Operation, values: Values): string {
  const filled = path.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    return value === undefined ? whole : encodeURIComponent(String(value));
  });
  const query = new URLSearchParams(entered(parameters, "query", values));
  return query.size === 0 ? filled : `${filled}?${query}`;
}

/** Returns the headers that the operation asks for, such as `Idempotency-Key` and `Session-Id`. */
export function headersOf({ parameters }: Operation, values: Values): Readonly<Record<string, string>> {
  return Object.fromEntries(entered(parameters, "header", values));
}

function entered(parameters: readonly Parameter[], place: Parameter["in"], values: Values): [string, string][] {
  return parameters
    .filter((parameter) => parameter.in === place && values[parameter.name] !== undefined)
    .map(({ name }) => [name, String(values[name])]);
}
