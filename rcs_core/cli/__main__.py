"""`python -m rcs_core.cli` is the `rcs` command."""

from rcs_core.cli import main

main()
