/** Says why the app cannot start. */
export function Failure({ error }: { readonly error: unknown }) {
  return (
    <main class="failure">
      <h1>The page cannot start</h1>
      <p role="alert">{error instanceof Error ? error.message : String(error)}</p>
      <p>
        <a href="/">Load it again</a>
      </p>
    </main>
  );
}
