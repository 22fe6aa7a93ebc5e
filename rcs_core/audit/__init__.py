"""The outside reader: sees published tables only, and tries to work out what they hide.

Used as the gate of a build, on every export and by `rcs audit`. It knows nothing of how the tables were protected.
"""

from rcs_core.audit.folder import read_folder, write_tables
from rcs_core.audit.options import parse_hier
from rcs_core.audit.report import AuditReport, Interval, Leak, OpenCell
from rcs_core.audit.run import audit, audit_path, audit_paths, audit_sources
from rcs_core.audit.sources import Source

__all__ = [
    "AuditReport",
    "Interval",
    "Leak",
    "OpenCell",
    "Source",
    "audit",
    "audit_path",
    "audit_paths",
    "audit_sources",
    "parse_hier",
    "read_folder",
    "write_tables",
]
