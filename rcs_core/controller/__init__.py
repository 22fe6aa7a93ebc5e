"""What the data controller needs: the data-flow sheet, the lawful basis, retention, who may do what, and deletion.

Nothing here reads a record: the sheet is made from the contracts, the report of a check and a release's manifest.
"""

from rcs_core.controller.certificate import Certificate, certificates
from rcs_core.controller.flow import data_flow, release_sections
from rcs_core.controller.forget import ForgetError, Plan, forget, plan_deletion
from rcs_core.controller.policy import Flow, Role, Step, flow
from rcs_core.controller.retention import Kept, retention
from rcs_core.controller.sheet import Section, to_markdown, write_sheet
from rcs_core.controller.statement import FILE, statement

__all__ = [
    "FILE",
    "Certificate",
    "Flow",
    "ForgetError",
    "Kept",
    "Plan",
    "Role",
    "Section",
    "Step",
    "certificates",
    "data_flow",
    "flow",
    "forget",
    "plan_deletion",
    "release_sections",
    "retention",
    "statement",
    "to_markdown",
    "write_sheet",
]
