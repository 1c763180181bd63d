import { useId } from "preact/hooks";
import { emptyOf, isObject, type Json, labelOf, type Schema, withProperty } from "./schema";

/** Properties of `Field`. */
interface FieldProps {
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
  readonly value: Json | undefined;
  /** @param next  undefined for a value that is left out */
  readonly onChange: (next: Json | undefined) => void;
}

/** Text that is entered in several lines. */
const longText = 300;

/** A field of a form, made from a JSON schema; an object or a list has fields of its own. */
export function Field(props: FieldProps) {
  const { schema } = props;
  if (schema.type === "object") return <ObjectField {...props} />;
  if (schema.type === "array")
    return schema.items?.type === "object" ? <ListField {...props} /> : <LinesField {...props} />;
  return <ValueField {...props} />;
}

/** The fields of an object, without a frame: a form is one. */
export function Fields({ schema, value, onChange }: Pick<FieldProps, "schema" | "value" | "onChange">) {
  const own = isObject(value) ? value : {};
  return (
    <>
      {Object.entries(schema.properties ?? {}).map(([name, each]) => (
        <Field
          key={name}
          name={name}
          schema={each}
          required={schema.required?.includes(name) ?? false}
          value={own[name]}
          onChange={(next) => onChange(withProperty(value, name, next))}
        />
      ))}
    </>
  );
}

function ObjectField({ name, schema, value, onChange }: FieldProps) {
  return (
    <fieldset>
      <legend>{labelOf(name)}</legend>
      <Fields schema={schema} value={value} onChange={onChange} />
    </fieldset>
  );
}

function ListField({ name, schema, value, onChange }: FieldProps) {
  const entries = Array.isArray(value) ? (value as readonly Json[]) : [];
  const replace = (index: number, ...next: Json[]) => onChange(entries.toSpliced(index, 1, ...next));
  return (
    <fieldset>
      <legend>{labelOf(name)}</legend>
      {entries.map((entry, i) => (
        <div class="entry" key={i}>
          <Fields schema={schema.items ?? {}} value={entry} onChange={(next) => replace(i, next ?? {})} />
          <button type="button" class="quiet" onClick={() => replace(i)}>
            Remove {i + 1}
          </button>
        </div>
      ))}
      <button type="button" class="quiet" onClick={() => onChange([...entries, emptyOf(schema.items ?? {})])}>
        Add one
      </button>
    </fieldset>
  );
}

/** A list of words, one in each line. */
function LinesField({ name, required, value, onChange }: FieldProps) {
  const id = useId();
  const lines = Array.isArray(value) ? value.join("\n") : "";
  return (
    <div class="field wide">
      <Label id={id} name={name} required={required} note="one in each line" />
      <textarea
        id={id}
        rows={2}
        required={required}
        value={lines}
        onInput={({ currentTarget: { value: text } }) => onChange(text === "" ? undefined : text.split("\n"))}
      />
    </div>
  );
}

function ValueField({ name, schema, required, value, onChange }: FieldProps) {
  const id = useId();
  const text = value === undefined ? "" : String(value);
  const enter = (entered: string) => onChange(entered === "" ? undefined : entryOf(schema, entered));
  const shared = { id, required, value: text };
  const long = (schema.maxLength ?? 0) > longText;
  return (
    <div class={long ? "field wide" : "field"}>
      <Label id={id} name={name} required={required} note={schema.description} />
      {schema.enum !== undefined ? (
        <select {...shared} onChange={({ currentTarget }) => enter(currentTarget.value)}>
          {required ? null : <option value="" />}
          {schema.enum.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      ) : long ? (
        <textarea {...shared} rows={3} onInput={({ currentTarget }) => enter(currentTarget.value)} />
      ) : (
        <input
          {...shared}
          // A field of the type number would send nothing in place of what cannot be read.
          inputMode={isNumber(schema) ? "decimal" : "text"}
          autocomplete="off"
          spellcheck={false}
          onInput={({ currentTarget }) => enter(currentTarget.value)}
        />
      )}
    </div>
  );
}

function Label(props: { id: string; name: string; required: boolean; note?: string | undefined }) {
  const { id, name, required, note } = props;
  return (
    <label for={id}>
      {labelOf(name)}
      {required ? null : <span class="soft"> optional</span>}
      {note === undefined ? null : <span class="note">{note}</span>}
    </label>
  );
}

function isNumber({ type }: Schema): boolean {
  return type === "integer" || type === "number";
}

/** A number that cannot be read is sent as it was entered: the service says what is wrong with it. */
function entryOf(schema: Schema, text: string): Json {
  if (schema.type === "boolean") return text === "true";
  return isNumber(schema) && Number.isFinite(Number(text)) ? Number(text) : text;
}
