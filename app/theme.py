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
}
[class*="st-key-headline"] { border-left-width: 6px; border-left-color: #2a8ea3; }
[class*="st-key-headline"] h3 { padding: 0.2rem 0; line-height: 1.35; text-wrap: pretty; }
/* The five answers of a shift: question and answer in one line each, so that the first are seen at once. */
.st-key-headline-board { gap: 0.35rem; }
.st-key-headline-board h2 { font-size: 1.05rem; padding: 0.1rem 0; line-height: 1.35; }
.st-key-headline-board h3 { font-size: 1.05rem; padding: 0.1rem 0; line-height: 1.35; }
.st-key-frame { margin-bottom: -0.6rem; }
.st-key-tour { border-left: 6px solid #005f73; }
.st-key-tour p { max-width: none; }
/* The chosen one of several views: the theme's own colour is too faint on the dark page. */
button[role="radio"][aria-checked="true"] { color: inherit !important; font-weight: 600; }
.stApp button[kind="tertiary"]:is(:hover, :focus, :active), .stApp button[kind="tertiary"]:is(:hover, :focus, :active) * {
  color: inherit !important; }
/* Where the keyboard is: a ring of two shades, so that one of them is seen on any ground. */
.stApp a:focus-visible, .stApp button:focus-visible, .stApp summary:focus-visible, .stApp [role="tab"]:focus-visible {
  outline: 3px solid #005f73 !important; outline-offset: 1px; box-shadow: 0 0 0 6px #ffffff !important; }
[data-testid="stMain"]:focus-visible { outline: 3px solid #1f7a8c; outline-offset: -3px; }
/* On paper: the whole page, without what can only be clicked. */
@media print {
  .stApp, [data-testid="stAppViewContainer"], [data-testid="stMain"] { position: static !important; overflow: visible !important;
    height: auto !important; }
  .stApp { background: white !important; }
  .stApp *:not(button) { color: black !important; }
  [data-testid="stVegaLiteChart"] svg { background: white !important; }
  header, [data-testid="stHeaderLogo"], [data-testid="stLogo"], [data-testid="stToolbar"], [data-testid="stSidebar"],
  [data-testid="stButton"], [data-testid="stDownloadButton"], [data-testid="stFormSubmitButton"], [data-testid="stPopover"],
  .st-key-tour {
    display: none !important; }
  .stMainBlockContainer { max-width: none; padding: 0 !important; }
  [class*="st-key-headline"], [data-testid="stVegaLiteChart"], [data-testid="stDataFrame"], h1, h2, h3 { break-inside: avoid; }
  h1, h2, h3 { break-after: avoid; }
}
/* One way out for numbers: the page's own csv, which no spreadsheet runs as a formula. */
button[aria-label^="Download as CSV"] { display: none; }
</style>"""

ROOM = """<style>
/* On a projector: type to be read from three metres, the answer largest, nothing beside the page. */
html { font-size: clamp(18px, 2vw, 34px) !important; }
.stMainBlockContainer { max-width: none; padding-left: 3vw; padding-right: 3vw; }
[data-testid="stHorizontalBlock"]:has([data-testid="stVegaLiteChart"]) { flex-direction: column; }
[data-testid="stHorizontalBlock"]:has([data-testid="stVegaLiteChart"]) > [data-testid="stColumn"] { width: 100%; flex: 1 1 auto; }
.stMainBlockContainer h1 { font-size: 1.45rem; }
.stMainBlockContainer h2 { font-size: 1.35rem; }
[class*="st-key-headline"] h3 { font-size: 1.6rem; }
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
