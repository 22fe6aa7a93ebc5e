"""From published and local evidence to what a pound of prevention does, with every number traced (docs/methods/response.md)."""

from rcs_core.workshop.response.averted import Averted, SourceRow, effect_rows, evidence_of, judged
from rcs_core.workshop.response.published import Published, Verdict, published
from rcs_core.workshop.response.repair import Repaired, from_points, repaired
from rcs_core.workshop.response.segments import Costed, Response, Shape, segments_for

__all__ = [
    "Averted", "Costed", "Published", "Repaired", "Response", "Shape", "SourceRow", "Verdict", "effect_rows", "evidence_of",
    "from_points", "judged", "published", "repaired", "segments_for",
]  # fmt: skip
