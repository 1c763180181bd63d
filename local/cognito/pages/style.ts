/** The style of the sign-in pages, in light and dark. */
export const style = `
:root { color-scheme: light dark; --line: #c8ccd2; --text: #16191d; --soft: #565d66; --ground: #f4f5f7; --card: #fff; --ink: #0b57a4; --on-ink: #fff; --bad: #a4161a; --bad-ground: #fdecec; }
@media (prefers-color-scheme: dark) { :root { --line: #454b54; --text: #eceef1; --soft: #aab1bb; --ground: #14171a; --card: #1d2125; --ink: #8cc1f7; --on-ink: #0b1620; --bad: #ffb3b3; --bad-ground: #3a1d1f; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 26rem; margin: 0 auto; padding: clamp(1.5rem, 10vh, 6rem) 1rem 2rem; }
main.wide { max-width: 44rem; }
h1 { font-size: 1.5rem; line-height: 1.2; margin: 0 0 .5rem; }
p { margin: 0 0 1rem; }
.soft { color: var(--soft); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.5rem; }
form { display: grid; gap: 1rem; margin: 0; }
label { display: grid; gap: .25rem; font-weight: 600; }
form + form { margin-top: 1rem; }
input { font: inherit; font-weight: 400; color: inherit; background: var(--card); border: 1px solid var(--soft); border-radius: .5rem; padding: .625rem .75rem; width: 100%; min-width: 0; }
button, .button { font: inherit; font-weight: 600; min-height: 2.75rem; border: 1px solid var(--ink); border-radius: .5rem; padding: .5rem 1rem; background: var(--ink); color: var(--on-ink); cursor: pointer; text-align: center; text-decoration: none; display: block; }
.button { background: none; color: var(--ink); margin-top: .75rem; }
button.quiet { background: none; border: 0; color: var(--ink); text-decoration: underline; padding: 0; min-height: 1.5rem; width: max-content; }
:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
a { color: var(--ink); }
nav { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; margin-top: 1.25rem; }
.problem { background: var(--bad-ground); color: var(--bad); border-radius: .5rem; padding: .625rem .75rem; }
.or { border-top: 1px solid var(--line); margin-top: 1.25rem; padding-top: .5rem; }
code { font: 1rem/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
.code { font-size: 1.75rem; letter-spacing: .12em; display: block; margin: .25rem 0; }
article { border-top: 1px solid var(--line); padding: 1rem 0; }
article h2 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; margin: .5rem 0 0; }
`;
