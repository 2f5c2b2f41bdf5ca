"""The style of reports: for phones, paper, light and dark rooms."""

STYLE = """
:root { color-scheme: light dark; --ink: #222; --paper: #fff; --line: #ccc; --soft: #f6f6f4; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8e8; --paper: #16181c; --line: #454a52; --soft: #1e2126; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
       max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; overflow-wrap: anywhere; margin: 0; }
h3 { font-size: 1rem; margin: 1rem 0 .3rem; }
section { border: 1px solid var(--line); border-radius: .6rem; padding: 1rem; margin: 1rem 0;
  background: var(--soft); }
.label { color: #16181c; border-radius: .4rem; padding: .1rem .6rem; font-weight: 600; margin-right: .5rem; }
audio, img { width: 100%; display: block; margin: .6rem 0; border-radius: .4rem; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .3rem .6rem .3rem 0;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
.small { font-size: .85rem; opacity: .8; }
.wide { overflow-x: auto; }
@page { margin: 14mm; }
@media print { :root { color-scheme: light; --ink: #222; --paper: #fff; --line: #ccc; --soft: #fff; }
  audio { display: none; } body { margin: 0; padding: 0; max-width: none; font-size: 10.5pt; line-height: 1.35; }
  p, ul { margin: .5em 0; } section { padding: .6rem .8rem; } h2, h3 { break-after: avoid; }
  picture, table, li { break-inside: avoid; } .wide { overflow: visible; }
  img { width: auto; max-width: 100%; max-height: 82mm; margin: .3rem auto; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""
