interface SearchProps {
  readonly label: string;
  readonly text: string;
  readonly search: (text: string) => void;
}

/** A field whose text is searched for while it is written. */
export function Search({ label, text, search }: SearchProps) {
  return (
    <label class="search">
      <span class="hidden">{label}</span>
      <input
        type="search"
        placeholder={label}
        value={text}
        onInput={({ currentTarget }) => search(currentTarget.value)}
      />
    </label>
  );
}

interface ChoiceProps<Key extends string> {
  readonly label: string;
  /** Titles by key. */
  readonly choices: Readonly<Record<Key, string>>;
  readonly chosen: Key;
  readonly choose: (key: Key) => void;
}

/** Buttons of which one is pressed. */
export function Choice<Key extends string>({ label, choices, chosen, choose }: ChoiceProps<Key>) {
  return (
    <fieldset class="choice">
      <legend class="hidden">{label}</legend>
      {(Object.keys(choices) as Key[]).map((key) => (
        <button key={key} type="button" aria-pressed={key === chosen} onClick={() => choose(key)}>
          {choices[key]}
        </button>
      ))}
    </fieldset>
  );
}
