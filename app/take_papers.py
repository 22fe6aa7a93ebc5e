"""Documents to take away: the workshop note, the statement of resources; as docx, and as pdf where LibreOffice is present."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial

import streamlit as st

from app import leaving, room, session, shift_open, shifting, show
from rcs_core import gate
from rcs_core.documents import pdf
from rcs_core.documents.parts import Document
from rcs_core.documents.write import docx_bytes
from rcs_core.release import Release
from rcs_core.stamp import Stamp
from rcs_core.workshop import big_screen
from rcs_core.workshop.couple import Levers
from rcs_core.workshop.decide.decision import Decisions
from rcs_core.workshop.inputs.depths import Standing
from rcs_core.workshop.kept import Kept, Shelf
from rcs_core.workshop.papers import note_case
from rcs_core.workshop.papers.note import note as compose_note
from rcs_core.workshop.papers.resources import SUBJECT, resources_paper, stamped
from rcs_core.workshop.plan.chain import Plan
from rcs_core.workshop.plan.criteria import Checked
from rcs_core.workshop.plan.resources import ResourcesStatement
from rcs_core.workshop.shift import Shift
from rcs_core.workshop.store import Store

NOTE = "Two pages to read on paper: what was asked, the five answers, what would break it, what was decided, what is guessed."
PLAN = "Prose and tables for the children's services plan: how money is spent, what moves, what is less, what is not known."


def note(release: Release, levers: Levers, shift: Shift, standing: Standing, on_screen: bool) -> None:
    """The workshop note of the scenario on the screen, with what was decided so far."""
    opened = shift_open.opened()
    kept = opened if opened and not opened.draft.plan and not shift_open.unlike(levers, opened) else None
    stamp = replace(shifting.stamp(release, standing), prices_hidden=on_screen)
    off = big_screen.withheld(release, on_screen)
    make = partial(_note, release, shift, stamp, standing, off, kept, session.store())
    offer("workshop note", f"workshop note {shift.levers.preset.label}", make, stamp, "take-note", NOTE)


def note_of_kept(release: Release, kept: Kept, rough: bool, on_screen: bool) -> None:
    """The workshop note of a kept scenario that is on the table, with what was decided so far."""
    stamp = leaving.stamp(release, prices_hidden=on_screen).discussed(rough)
    off = big_screen.withheld(release, on_screen)
    make = partial(_note_of_kept, release, kept.link, stamp, off, session.store())
    offer("workshop note", f"workshop note {kept.title}", make, stamp, "take-note", NOTE)


def resources(release: Release, plan: Plan, found: ResourcesStatement, checked: list[Checked]) -> None:
    """The statement of resources as the screen has it."""
    stamp = stamped(leaving.stamp(release, prices_hidden=room.on()), plan)
    make = partial(resources_paper, found, plan, tuple(checked), stamp, _veil(release, room.on()))
    offer(SUBJECT, SUBJECT, make, stamp, "take-resources", PLAN)


def offer(what: str, subject: str, compose: Callable[[], Document], stamp: Stamp, key: str, about: str) -> None:
    """The buttons of one document, made when one is pressed; that for pdf only where it can be made."""
    with st.container(key=f"{key}-box"):
        left, right, _ = st.columns([2, 1, 1])
        leaving.button(f"Download the {what} (docx)", subject, "docx", partial(_docx, compose), stamp, key, left, wide=True)
        if _office():
            leaving.button("as PDF", subject, "pdf", partial(_pdf, compose), stamp, f"{key}-pdf", right, wide=True)
        show.note(about)


@cache
def _office() -> bool:
    """Whether LibreOffice is here; looked for once a server."""
    return pdf.have_office()


def _docx(compose: Callable[[], Document]) -> bytes:
    return docx_bytes(compose())


def _pdf(compose: Callable[[], Document]) -> gate.Made:
    """The pdf with the document that it was printed from, as the gate cannot read a pdf."""
    made = docx_bytes(compose())
    return gate.Made(pdf.pdf_bytes(made), documents=[("docx", made)])


def _note(
    release: Release, shift: Shift, stamp: Stamp, standing: Standing, veil: frozenset[str], kept: Kept | None, store: Store
) -> Document:
    return compose_note(note_case.of_shift(release, shift, stamp, standing, Decisions(store).current(), veil, kept))


def _note_of_kept(release: Release, link: str, stamp: Stamp, veil: frozenset[str], store: Store) -> Document:
    return compose_note(note_case.of_version(Shelf(store).of_link(link), release, stamp, Decisions(store).current(), veil))


def _veil(release: Release, on_screen: bool) -> frozenset[str]:
    return big_screen.veiled(release, on_screen) if "services" in release else frozenset()
