import { useState } from "preact/hooks";
import { exampleId, type Operation } from "./document";
import { Field, Fields } from "./field";
import { isObject, type Json } from "./schema";

/** Properties of `OperationForm`. */
interface OperationFormProps {
  readonly operation: Operation;
  /** The operation that stores an item: its example fills in what the others ask for. */
  readonly store: Operation | undefined;
  readonly waiting: boolean;
  readonly onSubmit: (path: string, body: Json | undefined) => void;
}

/** The form of an operation, filled in with the service's example. */
export function OperationForm({ operation, store, waiting, onSubmit }: OperationFormProps) {
  const { method, path, summary, parameters, body: asked, scopes } = operation;
  const shown = parameters.filter((parameter) => parameter.in !== "header");
  const [values, setValues] = useState(() => exampleValues(operation, store));
  const [body, setBody] = useState<Json | undefined>(asked?.example);
  const set = (name: string, value: Json | undefined) => setValues((before) => ({ ...before, [name]: value }));
  const target = targetOf(operation, values);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(target, body);
      }}
    >
      <p class="summary">{summary}</p>
      <div class="fields">
        {shown.map(({ name, schema, required }) => (
          <Field
            key={name}
            name={name}
            schema={schema}
            required={required}
            value={values[name]}
            onChange={(value) => set(name, value)}
          />
        ))}
        {asked === undefined ? null : <Fields schema={withoutId(asked.schema)} value={body} onChange={setBody} />}
      </div>
      <p class="line">
        <code>
          {method} {target === path ? path : decodeURI(target)}
        </code>
        <span class="soft">{scopes.length === 0 ? "open to everyone" : `needs ${scopes.join(", ")}`}</span>
      </p>
      <button type="submit" disabled={waiting}>
        {waiting ? "Sending" : "Send"}
      </button>
    </form>
  );
}

type Values = Readonly<Record<string, Json | undefined>>;

/** Fills in ids and what the example of an item has by the same name. */
function exampleValues({ path, parameters }: Operation, store: Operation | undefined): Values {
  const example = isObject(store?.body?.example) ? store.body.example : {};
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  return Object.fromEntries(
    parameters
      .filter(({ required }) => required)
      .map(({ name }) => [name, names.includes(name) ? exampleId(store ?? { path }) : example[name]]),
  );
}

/** An item's id is in the path already. */
function withoutId({ properties = {}, ...schema }: NonNullable<Operation["body"]>["schema"]) {
  const { id: _, ...rest } = properties;
  return { ...schema, properties: rest };
}

function targetOf({ path, parameters }: Operation, values: Values): string {
  const filled = path.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    return value === undefined ? whole : encodeURIComponent(String(value));
  });
  const query = new URLSearchParams(
    parameters
      .filter((parameter) => parameter.in === "query" && values[parameter.name] !== undefined)
      .map(({ name }) => [name, String(values[name])]),
  );
  return query.size === 0 ? filled : `${filled}?${query}`;
}
