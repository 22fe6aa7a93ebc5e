"""The verb that tells what a release would hold and hide, before its size is chosen."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from rcs_core.cli.shared import Folder, Json, app, result, say

if TYPE_CHECKING:
    from rcs_core.records.preview import Costed

COST = "Cost has no unit: what is lost by hiding larger cells to protect small ones; less is better (docs/methods/disclosure.md)."


@app.command()
def preview(
    folder: Folder,
    tables: Annotated[list[str] | None, typer.Option(help="short, standard, long, or own; may be given again")] = None,
    as_json: Json = False,
) -> None:
    """Say what each size of release would hold and hide, for the desk alone; nothing is written."""
    from rcs_core.records.preview import preview as run

    def tell(share: float, text: str) -> None:
        if as_json:
            result({"stage": "preview", "done": round(share, 3), "text": text})
            sys.stdout.flush()
        else:
            typer.echo(f"{share:4.0%}  {text}", err=True)

    found = run(folder, tables or [], tell)
    if as_json:
        result({"folder": folder.name, "sizes": [one.to_dict() for one in found]})
    else:
        say(_text(found))


def _text(found: "list[Costed]") -> str:
    """The sizes as lines, then each proposal with its effect."""
    lines = [f"{'':12}{'cells':>9}{'under 10':>10}{'hidden':>9}{'hidden %':>10}{'cost':>10}{'seconds':>9}"]
    for one in found:
        name = f"{one.name} *" if one.chosen else one.name
        counts = f"{one.cells:>9,}{one.small:>10,}{one.hidden:>9,}{one.share:>10.0%}{one.cost:>10,.1f}{one.seconds:>9.1f}"
        lines += [f"{name:12}{counts}", *([f"    adds: {one.adds}"] if one.adds else [])]
        lines += [f"    cannot be protected: {one.refused}"] if one.refused else []
    for one in found:
        lines += [f"{one.name}: {text}" for text in _proposed(one)]
    chosen = "* chosen in partnership.yaml, release_tables" if any(one.chosen for one in found) else "none of these is chosen"
    notes = [f"{chosen}. Nothing was written; cells under 10 are for the desk alone.", COST]
    return "\n".join([*lines, *notes])


def _proposed(one: "Costed") -> list[str]:
    hides = {t.name: t for t in one.tables}
    lines = []
    for offer in one.proposals:
        now = hides[offer.table]
        after = f"{offer.small:,} of {offer.cells:,} cells under 10"
        after = after if offer.hidden is None else f"{offer.hidden:,} of {offer.cells:,} cells hidden"
        lines.append(f"{offer.title} would hide {now.hidden:,} of {now.cells:,} cells. {offer.text}: {after} ({offer.write})")
    return lines
