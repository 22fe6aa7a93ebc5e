"""What linked and what did not, for the desk alone: match rates, how the unlinked differ, duplicates, opt-outs.

In: an input folder. Out: a `LinkageReport`. It is made of records and is in no release; counts under the programme's
threshold are said as "fewer than 10" all the same, so that a page of it on a screen names no child.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rcs_core.contracts import check_folder
from rcs_core.errors import ContractError, SettingsError
from rcs_core.records.ingest import ingest
from rcs_core.records.link import link
from rcs_core.records.linkage.differ import differences
from rcs_core.records.linkage.rates import Section, duplicates, extract_rates, form_rates, forms, opt_outs, roll_rates
from rcs_core.settings import disclosure
from rcs_core.sheets.plain import write_rows

__all__ = ["LinkageReport", "Section", "linkage_report"]


@dataclass(frozen=True, slots=True)
class LinkageReport:
    """The report in sections, each a table with a title and a remark."""

    folder: str
    linkage: str
    sections: tuple[Section, ...]

    def section(self, key: str) -> Section:
        """The section of that key (forms, form_rates, roll_rates, extract_rates, differences, duplicates, opt_outs)."""
        return next(s for s in self.sections if s.key == key)

    def to_json(self) -> dict[str, Any]:
        """The report as plain values: a list of rows by section, as the desk's page draws it."""
        about = [{"key": s.key, "title": s.title, "note": s.note, "rows": s.frame.to_dict("records")} for s in self.sections]
        return {"folder": self.folder, "linkage": self.linkage, "sections": about}

    def text(self) -> str:
        """The report in plain text: the whole of short tables, the first rows of long ones."""
        lines = [f"Linkage of {self.folder} (linkage: {self.linkage}). For the desk alone; it is in no release."]
        for section in self.sections:
            lines += ["", section.title, section.note]
            lines.append(section.frame.head(_LONGEST).to_string(index=False) if len(section.frame) else "  none")
            if len(section.frame) > _LONGEST:
                lines.append(f"  ... and {len(section.frame) - _LONGEST:,} more rows (--json or --report has all)")
        return "\n".join(lines)

    def write(self, path: Path) -> None:
        """Write the report as a workbook, a sheet a section; raises SettingsError for another ending."""
        if path.suffix.casefold() != ".xlsx":
            raise SettingsError("a linkage report is written as .xlsx", path.name, path.suffix or "no ending", ".xlsx")
        sheets = {
            s.key: [[s.title], [s.note], list(s.frame.columns), *s.frame.astype(object).to_numpy().tolist()]
            for s in self.sections
        }
        write_rows(path, sheets)


_LONGEST = 30


def linkage_report(folder: Path) -> LinkageReport:
    """Check, ingest and link a folder, and say what came of it; raises ContractError while breaches stop a build."""
    report = check_folder(folder)
    if report.errors:
        remedy = f"mend each, and see with `rcs check {folder}` that none is left"
        raise ContractError("breaches stop the linkage", str(folder), str(len(report.errors)), "none", remedy)
    records, least = ingest(report), disclosure().min_cell
    linked = link(records)
    found = (
        forms(report, records, linked, least),
        form_rates(report, linked, least),
        roll_rates(linked, least),
        extract_rates(report, linked, least),
        differences(report, linked, least),
        duplicates(report, least),
        opt_outs(records, linked, least),
    )
    return LinkageReport(folder.name, str(records.partnership["linkage"]), found)
