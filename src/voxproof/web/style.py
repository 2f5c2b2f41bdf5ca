"""How the pages look: Gradio's default theme with its own fonts, and colours that can be told from their background."""

import gradio as gr

from voxproof.detection.report_sections import COLOURS, section_style

CSS = f"""
.voxproof {{ --line: var(--border-color-primary); --ink: var(--body-text-color); --paper: var(--body-background-fill);
  --soft: var(--block-background-fill); }}
.voxproof .html-container {{ padding: 0 !important; }}
.block.voxproof:has(.voxproof:empty) {{ display: none; }}
.voxproof h1 {{ font-size: 1.6rem; font-weight: 600; margin: .4rem 0 .2rem; }}
.voxproof h2 {{ font-size: 1.15rem; font-weight: 600; margin: .8rem 0 .2rem; overflow-wrap: anywhere; }}
.voxproof h3 {{ font-size: 1rem; font-weight: 600; margin: 1rem 0 .3rem; }}
.voxproof p {{ margin: .3rem 0; max-width: 46rem; }}
.voxproof ul {{ list-style: disc; padding-left: 1.2rem; margin: .3rem 0; }}
.voxproof a {{ text-decoration: underline; }}
.voxproof section {{ border: 1px solid var(--border-color-primary); border-radius: .6rem; padding: 1rem;
  background: var(--block-background-fill); }}
.voxproof section h2 {{ margin: 0 0 .4rem; }}
.voxproof .label {{ color: #16181c; border-radius: .4rem; padding: .1rem .6rem; margin-right: .5rem; }}
{section_style(".voxproof")}
.voxproof audio, .voxproof img {{ width: 100%; display: block; margin: .6rem 0; border-radius: .4rem; }}
.seekable img[data-seconds] {{ cursor: pointer; }}
.voxproof audio {{ color-scheme: light; }}
.dark .voxproof audio {{ color-scheme: dark; }}
.voxproof .small {{ font-size: .875rem; color: var(--body-text-color-subdued); }}
.voxproof table {{ border-collapse: collapse; width: 100%; }}
.voxproof caption {{ text-align: left; font-weight: 600; padding: .3rem 0; }}
.voxproof th, .voxproof td {{ text-align: left; vertical-align: top; padding: .35rem .8rem .35rem 0;
  border-bottom: 1px solid var(--border-color-primary); overflow-wrap: break-word; min-width: 5rem; }}
.voxproof tbody th {{ font-weight: 600; }}
.voxproof .wide {{ overflow-x: auto; }}
.voxproof .problem {{ border-left: .3rem solid #c2410c; padding: .4rem .8rem; font-weight: 600; }}
.voxproof .said, .voxproof .grade {{ border-left: .3rem solid {COLOURS["real"]}; padding: .2rem .8rem; }}
.voxproof .grade.doubtful {{ border-color: {COLOURS["fake"]}; }}
.voxproof .notes {{ border-left: .3rem solid {COLOURS["uncertain"]}; padding: .2rem .8rem; }}
.voxproof .live {{ border: 1px solid var(--border-color-primary); border-radius: .6rem; padding: .8rem 1rem;
  display: grid; gap: .6rem; }}
.voxproof .live meter {{ width: 100%; height: .8rem; }}
.voxproof .live button {{ justify-self: start; padding: .4rem 1.4rem; border-radius: .4rem; font-weight: 700;
  color: #fff; background: #b91c1c; }}
.voxproof .live button:disabled {{ display: none; }}
.voxproof blockquote {{ font-size: 1.1rem; border-left: .3rem solid var(--border-color-primary);
  padding-left: .8rem; margin: .4rem 0; }}
.nav-holder nav {{ align-items: center; }}
.nav-holder nav::before {{ content: "Voxproof"; margin-right: auto; font-size: 1.2rem; font-weight: 700; }}
@media (max-width: 640px) {{
  .voxproof .wide table, .voxproof .wide tbody, .voxproof .wide tr, .voxproof .wide tbody th, .voxproof .wide td,
  .voxproof .wide caption {{ display: block; border: 0; padding: .1rem 0; }}
  .voxproof .wide thead {{ position: absolute; clip-path: inset(50%); }}
  .voxproof .wide tr {{ border-bottom: 1px solid var(--line); padding: .5rem 0; }}
  .voxproof .wide td:empty {{ display: none; }}
  .voxproof .wide td::before {{ content: attr(data-label) ": "; color: var(--body-text-color-subdued); }}
}}
body:not(.dark) .block {{ --neutral-400: var(--neutral-600); }} /* of players' figures and buttons */
.nav-holder a, span.or, button[role="tab"] {{ color: var(--body-text-color) !important; }}
/* Gradio's, without a name and within another button. */
button[aria-label="common.upload"] {{ display: none !important; }}
:focus-visible {{ outline: 3px solid #f97316 !important; outline-offset: 2px; }}
@media (prefers-reduced-motion: reduce) {{ * {{ animation: none !important; transition: none !important; }} }}
"""


def theme() -> gr.themes.Default:
    """Gradio's fonts come with it; nothing is fetched from elsewhere."""
    # The half-bold cut that Gradio carries lacks most letters.
    letters = gr.themes.LocalFont("Source Sans Pro", weights=(400, 700))
    made = gr.themes.Default(primary_hue="orange", neutral_hue="zinc", font=[letters, gr.themes.Font("sans-serif")])
    return made.set(
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover_dark="*primary_800",
        button_primary_text_color="white",
        button_primary_text_color_dark="white",
        button_cancel_background_fill="#b91c1c",
        button_cancel_background_fill_hover="#991b1b",
        button_cancel_background_fill_dark="#b91c1c",
        button_cancel_background_fill_hover_dark="#991b1b",
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_300",
        block_info_text_color="*neutral_600",
        block_info_text_color_dark="*neutral_300",
        input_placeholder_color="*neutral_500",
        input_placeholder_color_dark="*neutral_400",
    )
