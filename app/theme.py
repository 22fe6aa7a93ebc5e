"""The look that the theme file cannot say: reading width, the fictional banner, the footer."""

import re
from functools import cache

import streamlit as st

from rcs_core.release import Release
from rcs_core.settings import ROOT

MARK = str(ROOT / "app" / "mark.svg")
WORDMARK = str(ROOT / "app" / "wordmark.svg")
DESK_WORDMARK = str(ROOT / "app" / "wordmark_desk.svg")
STYLE = """<style>
.stMainBlockContainer { max-width: 1180px; margin: 0 auto; }
.stMainBlockContainer h1 { text-wrap: balance; }
.stMainBlockContainer p, .stMainBlockContainer li { max-width: 46rem; }
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] p { color: inherit; opacity: 0.9; }
.st-key-fictional { background: color-mix(in srgb, #e69f00 18%, transparent); border-left: 6px solid #e69f00;
  border-radius: 6px; padding: 0.45rem 0.9rem; }
.st-key-fictional p { max-width: none; }
@media (max-width: 640px) {
  [data-testid="stElementContainer"]:has(> [data-testid="stFullScreenFrame"] [data-testid="stDataFrame"]) {
    margin-bottom: 1.5rem; }
  [data-testid="stElementContainer"]:has(> [data-testid="stFullScreenFrame"] [data-testid="stDataFrame"])::after {
    content: "Columns cut off? Slide the table sideways."; font-size: 0.85rem; }
  /* Views that wrap into several rows: each a button of its own, large enough for a thumb. */
  [role="radiogroup"] { gap: 0.35rem; }
  .stApp button[role="radio"] { border: 1px solid color-mix(in srgb, currentColor 35%, transparent); border-radius: 6px;
    margin: 0; min-height: 2.45rem; }
  .stApp button[role="radio"][aria-checked="true"] { border-color: #2a8ea3; }
}
[class*="st-key-headline"] { border-left-width: 6px; border-left-color: #2a8ea3; }
[class*="st-key-headline"] :is(h2, h3) { padding: 0.2rem 0; line-height: 1.35; text-wrap: pretty; font-size: 1.2rem; }
[class*="st-key-headline"] > [data-testid="stElementContainer"]:last-child :is(h2, h3) { margin-bottom: 1rem; }
.st-key-on-paper, [data-testid="stElementContainer"]:has(> [data-testid="stHtml"] > .on-paper) { display: none; }
/* The five answers of a shift: question and answer in one line each, so that the first are seen at once. */
.st-key-headline-board { gap: 0.45rem; }
.st-key-headline-board [data-testid="stMarkdownContainer"] { margin-bottom: 0; }
.st-key-headline-board :is(h2, h3) { font-size: 1.05rem; padding: 0.1rem 0; line-height: 1.35; }
.st-key-headline-board h2 { font-weight: 400; }
.st-key-frame { margin-bottom: -0.6rem; }
.st-key-tour { border-left: 6px solid #005f73; }
.st-key-tour p { max-width: none; }
[class*="st-key-about-"] { margin: -0.5rem 0; }
/* The chosen one of several views: the theme's own colour is too faint on the dark page. */
button[role="radio"][aria-checked="true"] { color: inherit !important; font-weight: 600; }
.stApp [role="tab"][aria-selected="true"], .stApp [role="tab"][aria-selected="true"] * {
  color: inherit !important; font-weight: 600; }
.stApp button[kind="tertiary"]:is(:hover, :focus, :active), .stApp button[kind="tertiary"]:is(:hover, :focus, :active) * {
  color: inherit !important; }
/* A folded side bar is no stop of the keyboard. */
[data-testid="stSidebar"][data-collapsed="true"] { visibility: hidden; }
/* Where the keyboard is: a ring of two shades, so that one of them is seen on any ground. */
.stApp a:focus-visible, .stApp button:focus-visible, .stApp summary:focus-visible, .stApp [role="tab"]:focus-visible,
.stApp div:has(> input:is([role="combobox"], [type="text"], [type="number"]):focus-visible) {
  outline: 3px solid #005f73 !important; outline-offset: 1px; box-shadow: 0 0 0 6px #ffffff !important; }
[data-testid="stMain"]:focus-visible { outline: 3px solid #1f7a8c; outline-offset: -3px; }
/* On paper: the whole page, without what can only be clicked. */
@media print {
  .stApp, [data-testid="stAppViewContainer"], [data-testid="stMain"] { position: static !important; overflow: visible !important;
    height: auto !important; }
  html, body, #root, .stApp, .stApp > *, [data-testid="stMain"] { background: white !important; }
  .stApp *:not(button) { color: black !important; }
  [data-testid="stVegaLiteChart"] svg { background: white !important; }
  header, [data-testid="stHeaderLogo"], [data-testid="stLogo"], [data-testid="stToolbar"], [data-testid="stSidebar"],
  [data-testid="stButton"], [data-testid="stDownloadButton"], [data-testid="stFormSubmitButton"], [data-testid="stPopover"],
  [data-testid="stSelectbox"], [data-testid="stMultiSelect"], [data-testid="stButtonGroup"], [data-testid="stNumberInput"],
  [data-testid="stSlider"], [data-testid="stCheckbox"], [data-testid="stTextInput"], [data-testid="stTextArea"],
  [data-testid="stFileUploader"], [data-testid="stPageLink"], [data-testid="stTabs"] [role="tablist"],
  [data-testid="stExpander"]:has(details:not([open])), [data-testid="stElementContainer"]:empty,
  .st-key-tour {
    display: none !important; }
  .stMainBlockContainer { max-width: none; padding: 0 !important; }
  .st-key-on-paper, [data-testid="stElementContainer"]:has(> [data-testid="stHtml"] > .on-paper) {
    display: flex; width: 100% !important; }
  [data-testid="stElementContainer"]:has([data-testid="stDataFrame"]):has(+ [data-testid="stElementContainer"] .on-paper) {
    display: none !important; }
  .on-paper table { border-collapse: collapse; font-size: 0.85rem; }
  .on-paper :is(th, td) { border-bottom: 1px solid #999; padding: 0.15rem 0.6rem 0.15rem 0; text-align: left;
    vertical-align: top; }
  .on-paper .number { text-align: right; }
  .on-paper tr { break-inside: avoid; }
  .st-key-foot { display: block; }
  .stMarkdownColoredBackground { background: none !important; }
  .role-axis-grid line { stroke: #ccc !important; }
  html { font-size: 13px !important; }
  .stMainBlockContainer p, .stMainBlockContainer li { max-width: none; }
  [data-testid="stHorizontalBlock"] { flex-wrap: wrap; }
  [data-testid="stVegaLiteChart"] svg { max-width: 100%; height: auto; }
  [class*="st-key-headline"], [data-testid="stVegaLiteChart"], [data-testid="stDataFrame"], h1, h2, h3 { break-inside: avoid; }
  h1, h2, h3 { break-after: avoid; }
}
/* One way out for numbers: the page's own csv, which no spreadsheet runs as a formula. */
button[aria-label^="Download as CSV"] { display: none; }
</style>"""

ROOM = """<style>
/* On a projector: type to be read from three metres, the answer largest, nothing beside the page. */
html { font-size: clamp(18px, 2vw, 34px) !important; }
.stMainBlockContainer { max-width: none; padding: 3rem 3vw 2rem; }
header[data-testid="stHeader"] { height: 2.6rem; min-height: 2.6rem; }
[data-testid="stHeaderLogo"] { height: 1.6rem; }
.stMainBlockContainer [data-testid="stVerticalBlock"] { gap: 0.45rem; }
[data-testid="stHorizontalBlock"]:has([data-testid="stVegaLiteChart"]) { flex-direction: column; }
[data-testid="stHorizontalBlock"]:has([data-testid="stVegaLiteChart"]) > [data-testid="stColumn"] { width: 100%; flex: 1 1 auto; }
/* As much of the answer and of its picture as one screen holds: the frame beside the cycle, a label beside its choice. */
.stMainBlockContainer h1 { padding: 0 0 1rem; }
.st-key-tour { margin-top: 0.7rem; }
.st-key-frame { top: 2.4rem; margin-bottom: -2.85rem; position: relative; z-index: 2; }
[data-testid="stSelectbox"] { display: flex; align-items: center; gap: 0.6rem; }
[data-testid="stSelectbox"] > label { margin: 0; flex: none; }
[data-testid="stSelectbox"] > div { flex: 1; }
[data-testid="stMain"] [data-testid="stButtonGroup"] > label { position: absolute; clip-path: inset(50%); height: 1px; width: 1px;
  min-height: 0; overflow: hidden; }
[class*="st-key-headline"] { padding: 0.55rem 0.9rem; flex-flow: row wrap; column-gap: 1.5rem !important; }
[class*="st-key-headline"] > :has([data-testid="stPopover"], [data-testid="stButton"]) { width: auto !important; }
.st-key-fictional p { font-size: 0.9rem; }
@media (min-width: 1500px) {
  [data-testid="stHorizontalBlock"]:has([data-testid="stVegaLiteChart"]):has(> :nth-child(2):last-child) { flex-flow: row; }
  [data-testid="stHorizontalBlock"]:has([data-testid="stVegaLiteChart"]):has(> :nth-child(2):last-child)
    > [data-testid="stColumn"] { width: 0 !important; flex: 1 1 0 !important; }
  [data-testid="stColumn"] [class*="st-key-headline"] :is(h2, h3) { font-size: 1.25rem !important; }
  /* A question beside the choice above it. */
  .st-key-beside-choice { margin: -3.2rem 0 0.3rem 37%; width: 63%; min-height: 2.6rem; }
  .stMainBlockContainer .st-key-beside-choice h2 { font-size: 1.05rem; }
  /* Beside the answer the picture of a tab comes before its own sentence. */
  [data-testid="stColumn"] [role="tabpanel"] :has(> [class*="st-key-headline"]) { order: 1; }
}
.stMainBlockContainer h2 { padding: 0.2rem 0 1.15rem; }
.stMainBlockContainer h1 { font-size: 1.45rem; }
.stMainBlockContainer h2 { font-size: 1.35rem; }
[class*="st-key-headline"] :is(h2, h3) { font-size: 1.5rem; line-height: 1.2; padding: 0.2rem 0 0.5rem; }
.st-key-headline-board :is(h2, h3) { padding: 0.1rem 0; }
.st-key-headline-board h2 { font-size: 1rem; }
.st-key-headline-board h3 { font-size: 1.1rem; }
.st-key-headline-board h3 strong { font-size: 1.9rem; font-weight: 650; }
.st-key-fictional { padding: 0.2rem 0.9rem; }
@media (min-width: 800px) { [data-testid="stSidebar"] { display: none; } }
</style>"""


def enlarge(large: bool) -> None:
    """Set the larger type of room mode, where it is on."""
    if large:
        st.html(ROOM)


def apply(wordmark: str = WORDMARK) -> None:
    """Set the name in the corner, the reading width and the mark of a headline."""
    st.logo(wordmark, size="large")
    st.html(STYLE)


def banner(release: Release) -> None:
    """Say on every page when the data are invented."""
    if release.manifest.fictional:
        with st.container(key="fictional"):
            st.markdown(
                f"**Fictional data.** {release.manifest.partnership} is an invented partnership: "
                "no figure here describes real children, staff or money."
            )


def footer(release: Release) -> None:
    """Which release, code and day a page rests on: what a decision cites."""
    about = release.manifest
    st.divider()
    st.caption(
        f"{about.partnership}, {about.year} · release {release.id} · code {about.code_version} · built {about.built_at[:10]} · "
        f"no figure for fewer than {about.min_cell} children"
    )
    with st.popover("Accessibility, and how to report a barrier", icon=":material/accessibility_new:"):
        st.markdown(statement())


@cache
def statement() -> str:
    """The accessibility statement of the documents, its headings in bold so that they stand below those of any page."""
    text = (ROOT / "docs" / "accessibility.md").read_text(encoding="utf-8").partition("\n")[2]
    return re.sub(r"^## (.+)$", r"**\1**", text, flags=re.MULTILINE).strip()
