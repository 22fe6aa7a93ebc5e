"""Native charts, drawn by the spreadsheet program from the cells of the table above them, so that they follow what is changed.

The library writes no alternative text for a chart; `described` puts it into the drawing, so that a screen reader has it.
"""

import re
from typing import Any
from xml.sax.saxutils import quoteattr

from openpyxl.chart import BarChart, LineChart
from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef, StrRef
from openpyxl.chart.series import Series as Drawn
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.worksheet.worksheet import Worksheet

from rcs_core.sheets.table import FIRST_ROW, HEAD_ROW, Chart, Series, Sheet, cell, span

BEFORE, AFTER, TARGET = "8B9698", "0072B2", "D55E00"
PREVENTION, UNMET, GRID = "009E73", "A3457F", "D7DFE0"
"""The workbench's colours, which people who confuse red and green can tell apart."""
WIDTH, HEIGHT = 24.0, 9.5
"""Centimetres, so that a chart fits on a sheet of paper under its table."""
ROWS, ACROSS = 20, 130
"""The rows of a sheet, and the letters of its columns, that a chart stands over."""
_LINE = 28_000
_FRAME = re.compile(rb'<((?:\w+:)?cNvPr) id="(\d+)" name="Chart \d+"\s*/>')


def add_chart(sheet: Worksheet, spec: Sheet, chart: Chart) -> None:
    """Draw a chart two rows below its table."""
    drawn: Any = LineChart() if chart.kind == "lines" else BarChart()
    for series in chart.series:
        drawn.series.append(_series(spec, chart, series))
    if chart.kind == "stacked":
        drawn.grouping, drawn.overlap = "stacked", 100
    if chart.kind != "lines":
        drawn.gapWidth = 60
    if chart.kind == "across":
        drawn.type, drawn.x_axis.scaling.orientation, drawn.y_axis.crosses = "bar", "maxMin", "max"
    else:
        # What is drawn is never negative, and an axis that does not begin at nothing makes little look much.
        drawn.y_axis.scaling.min = 0
    drawn.title, drawn.x_axis.title, drawn.y_axis.title = chart.title, chart.across, chart.up
    for axis in (drawn.x_axis, drawn.y_axis):
        axis.delete = False
    drawn.title.overlay = False
    drawn.x_axis.tickLblPos = "low"
    drawn.y_axis.number_format, drawn.y_axis.majorGridlines.spPr = chart.format, _line(GRID)
    drawn.legend.position, drawn.width, drawn.height = "b", WIDTH, HEIGHT
    sheet.add_chart(drawn, f"A{spec.end + 2}")


def _series(spec: Sheet, chart: Chart, series: Series) -> Any:
    last = FIRST_ROW + chart.rows - 1
    source = NumDataSource(numRef=NumRef(f=span(spec.name, series.column, FIRST_ROW, last)))
    found: Any = Drawn(val=source, tx=SeriesLabel(strRef=StrRef(f=cell(spec.name, series.column, HEAD_ROW))))
    found.cat = AxDataSource(strRef=StrRef(f=span(spec.name, chart.labels, FIRST_ROW, last)))
    shape = found.graphicalProperties
    if chart.kind == "lines":
        shape.line.solidFill, shape.line.width, found.smooth = series.colour, _LINE, False
        shape.line.dashStyle = "dash" if series.dashed else "solid"
        found.marker.symbol, found.marker.size = ("diamond", 9) if series.dashed else ("circle", 6)
        found.marker.graphicalProperties = _dot(series.colour)
    else:
        shape.solidFill = series.colour
        shape.line.solidFill = series.colour
        found.invertIfNegative = False
    return found


def _line(colour: str) -> Any:
    found: Any = GraphicalProperties()
    found.line.solidFill = colour
    return found


def _dot(colour: str) -> Any:
    found: Any = GraphicalProperties(solidFill=colour)
    found.line.solidFill = colour
    return found


def described(drawing: bytes, chart: Chart) -> bytes:
    """The XML of a drawing with a name and an alternative text for its chart."""
    said = f"title={quoteattr(chart.title)} descr={quoteattr(chart.about)}".encode()
    return _FRAME.sub(lambda m: b'<%b id="%b" name="Chart" %b/>' % (m[1], m[2], said), drawing, count=1)
