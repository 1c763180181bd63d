import { useState } from "preact/hooks";
import type { Operation } from "./document";
import { Field, Fields } from "./field";
import type { Sent } from "./request";
import type { Json } from "./schema";
import { exampleValues, headersOf, targetOf } from "./values";

/** Properties of `OperationForm`. */
interface OperationFormProps {
  readonly operation: Operation;
  /** The operation that stores an item: its example fills in what the others ask for. */
  readonly store: Operation | undefined;
  readonly waiting: boolean;
  readonly onSubmit: (request: Pick<Sent, "method" | "path" | "headers" | "body">) => void;
}

/** The form of an operation, filled in with the service's example. */
export function OperationForm({ operation, store, waiting, onSubmit }: OperationFormProps) {
  const { method, path, summary, parameters, body: asked } = operation;
  const [values, setValues] = useState(() => exampleValues(operation, store));
  const [body, setBody] = useState<Json | undefined>(asked?.example);
  const set = (name: string, value: Json | undefined) => setValues((before) => ({ ...before, [name]: value }));
  const target = targetOf(operation, values);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const sent = { method, path: target, headers: headersOf(operation, values) };
        onSubmit(body === undefined ? sent : { ...sent, body });
      }}
    >
      <p class="summary">{summary}</p>
      <div class="fields">
        {parameters.map(({ name, schema, required }) => (
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
        <span class="soft">{neededOf(operation)}</span>
      </p>
      <button type="submit" disabled={waiting}>
        {waiting ? "Sending" : "Send"}
      </button>
    </form>
  );
}

function neededOf({ scopes, needsToken }: Operation): string {
  if (scopes.length > 0) return `needs ${scopes.join(", ")}`;
  return needsToken ? "needs a token" : "open to everyone";
}

/** An item's id is in the path already. */
function withoutId({ properties = {}, ...schema }: NonNullable<Operation["body"]>["schema"]) {
  const { id: _, ...rest } = properties;
  return { ...schema, properties: rest };
}
