"""A chart that leaves as a picture shows what the page shows, with its title and its source."""

import xml.etree.ElementTree as ET

import pandas as pd

from app import charts_shift, picture
from app.show import INK

SOURCE = "Strathmere, 2025-26, release 0123456789ab"


def test_a_picture_has_the_marks_of_the_page_its_title_its_source_and_dark_ink_on_white() -> None:
    rows = [(y, p, v) for p, v in (("Prevention", 10.0), ("Responsive (acute)", -4.0)) for y in ("2026-27", "2027-28", "2028-29")]
    points = pd.DataFrame(rows, columns=["year", "part", "thousands"])
    spec = {**charts_shift.years(), "config": {"axis": {"labelColor": "#123456"}}}
    svg = picture.draw("svg", spec, points, "Prevention and response by year " * 5, SOURCE)
    drawn = ET.fromstring(svg.decode())
    said = " ".join(" ".join(drawn.itertext()).split())
    assert SOURCE in said
    assert said.count("Prevention and response by year") >= 3
    assert all(year in said for year in points["year"])
    symbols = [g for g in drawn.iter("{http://www.w3.org/2000/svg}g") if "mark-symbol role-mark" in g.get("class", "")]
    assert sum(len(g) for g in symbols) == len(points)
    assert b"#123456" in svg
    assert INK.encode() not in svg
    assert picture.draw("png", spec, points, "A title", "").startswith(b"\x89PNG")
