/** The pages' one stylesheet: system fonts, no images, light and dark, from phone width up. */
export const PAGE_STYLE = `:root {
  --ink: #16202c; --soft: #4d5b6b; --paper: #ffffff; --ground: #f2f4f7; --line: #d5dbe3;
  --go: #0b5d3b; --go-ink: #ffffff; --stop: #9b1c1c; --warn: #fff4e0; --warn-line: #b45309; --accent: #1d4ed8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e8edf3; --soft: #a9b6c4; --paper: #17202b; --ground: #0e151d; --line: #34414f;
    --go: #4ade80; --go-ink: #06281a; --stop: #fca5a5; --warn: #33270f; --warn-line: #f59e0b; --accent: #93c5fd;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .5rem; }
.bar { display: flex; justify-content: space-between; padding: .8rem 1rem; border-bottom: 1px solid var(--line); background: var(--paper); color: var(--soft); }
.brand { font-weight: 700; color: var(--ink); letter-spacing: .02em; }
main { max-width: 44rem; margin: 0 auto; padding: 1.25rem 1rem 2rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: .2rem 0 .8rem; }
h2 { font-size: 1.15rem; margin: 0 0 .7rem; }
h3 { font-size: 1rem; margin: 1.1rem 0 .4rem; }
section { background: var(--paper); border: 1px solid var(--line); border-radius: .75rem; padding: 1.1rem; margin: 1rem 0; }
.eyebrow { margin: 0; color: var(--soft); font-size: .9rem; }
.code { display: flex; flex-wrap: wrap; gap: .2rem .6rem; align-items: baseline; margin: 0; color: var(--soft); }
.code strong { font: 700 1.25rem ui-monospace, SFMono-Regular, Menlo, monospace; color: var(--ink); letter-spacing: .06em; }
.deadline { margin: .3rem 0 0; color: var(--soft); }
dl { display: grid; grid-template-columns: minmax(6.5rem, max-content) 1fr; gap: .55rem 1rem; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; }
.id { color: var(--soft); font-size: .88rem; font-family: ui-monospace, SFMono-Regular, Menlo, monospace; }
ul { padding-left: 1.2rem; margin: .3rem 0; }
.components, .steps { list-style: none; padding: 0; }
.components li { padding: .5rem 0; border-top: 1px solid var(--line); }
.components p { margin: .1rem 0 0; color: var(--soft); }
.steps > li { padding: .35rem 0; }
.row { display: flex; justify-content: space-between; gap: 1rem; }
meter { width: 100%; height: .7rem; }
meter::-webkit-meter-optimum-value { background: var(--warn-line); }
meter::-moz-meter-bar { background: var(--warn-line); }
.band, .tag { border-radius: 1rem; padding: .1rem .6rem; font-size: .88rem; font-weight: 600; border: 1px solid currentColor; white-space: nowrap; }
.high, .critical, .tag { color: var(--stop); }
.warn { background: var(--warn); border-left: .3rem solid var(--warn-line); border-radius: .4rem; padding: .7rem .9rem; margin: 1rem 0 0; }
.warn h3 { margin-top: 0; }
.suspicious { border-color: var(--warn-line); border-width: 2px; }
pre { margin: .5rem 0; padding: .8rem; background: var(--ground); border: 1px solid var(--line); border-radius: .4rem; max-height: 18rem; overflow: auto; white-space: pre-wrap; font: .85rem/1.5 ui-monospace, SFMono-Regular, Menlo, monospace; }
form + form { border-top: 1px solid var(--line); margin-top: 1.1rem; padding-top: 1.1rem; }
label { display: block; font-weight: 600; margin-bottom: .3rem; }
label span { color: var(--soft); font-weight: 400; }
textarea { width: 100%; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft); border-radius: .4rem; padding: .6rem; margin-bottom: .7rem; }
button { font: inherit; font-weight: 650; min-height: 3rem; width: 100%; border-radius: .5rem; padding: .6rem 1rem; cursor: pointer; }
.primary { background: var(--go); color: var(--go-ink); border: 1px solid var(--go); }
.primary:disabled { opacity: .55; cursor: default; }
.secondary { background: transparent; color: var(--stop); border: 2px solid var(--stop); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
footer { max-width: 44rem; margin: 0 auto; padding: 0 1rem 2rem; color: var(--soft); font-size: .88rem; }
@media (min-width: 40rem) { button { width: auto; min-width: 14rem; } }
`;
