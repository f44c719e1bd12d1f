/** The pages' one stylesheet: system fonts, light and dark, from phone width up. */
export const PAGE_STYLE = `
:root { --ink: #18202b; --soft: #566375; --paper: #fff; --ground: #f3f5f8; --line: #d7dde5; --good: #0b6b44; --bad: #a02020; --ask: #9a5b00; --link: #1d4ed8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6ebf2; --soft: #a7b3c2; --paper: #17202b; --ground: #0e151d; --line: #33404e; --good: #4ade80; --bad: #fca5a5; --ask: #fbbf24; --link: #93c5fd; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere; }
header { padding: .75rem 1rem; background: var(--paper); border-bottom: 1px solid var(--line); color: var(--soft); }
header span { font-weight: 700; color: var(--ink); }
main { max-width: 52rem; margin: 0 auto; padding: 1rem; }
a { color: var(--link); }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .4rem 0 1rem; }
h2 { font-size: 1rem; margin: 0 0 .6rem; }
h1::first-letter, h2::first-letter { text-transform: uppercase; }
h2 small { font-weight: 400; color: var(--soft); }
ol, ul { margin: 0; padding: 0; list-style: none; }
.cases li, section, dl { background: var(--paper); border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem; margin: 0 0 .8rem; }
.cases a { display: flex; flex-wrap: wrap; gap: .4rem 1rem; justify-content: space-between; text-decoration: none; }
.cases p { margin: .3rem 0 0; color: var(--soft); font-size: .92rem; }
.id { font-family: ui-monospace, SFMono-Regular, Menlo, monospace; font-size: .88rem; }
.badge { border: 1px solid currentColor; border-radius: 1rem; padding: 0 .6rem; font: 600 .85rem/1.6 system-ui, sans-serif; color: var(--soft); white-space: nowrap; }
.done, .reinstated { color: var(--good); }
.denied, .blocked, .rejected, .expired, .person, .parked { color: var(--bad); }
.people, .date, .window { color: var(--ask); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1rem; }
dt { color: var(--soft); }
dd { margin: 0; }
.events li { border-left: 2px solid var(--line); padding: 0 0 .9rem 1rem; position: relative; }
.events li::before { content: ""; position: absolute; left: -6px; top: .45rem; width: 10px; height: 10px; border-radius: 50%; background: var(--soft); }
.events li:last-child { padding-bottom: 0; }
.events li:target { border-left-color: var(--link); }
.events .words { margin: 0; }
details { color: var(--soft); font-size: .85rem; }
summary { cursor: pointer; }
pre { margin: .4rem 0 0; padding: .7rem; max-height: 22rem; overflow: auto; background: var(--ground); border-radius: .4rem; white-space: pre-wrap; font: .8rem/1.45 ui-monospace, SFMono-Regular, Menlo, monospace; }
blockquote { margin: .3rem 0; padding: .3rem .7rem; border-left: 3px solid var(--line); white-space: pre-wrap; }
blockquote b { color: var(--soft); font-weight: 400; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
`;
