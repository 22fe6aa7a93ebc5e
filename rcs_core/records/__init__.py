"""The records room: may see a child and a ledger line. Only `rcs` commands come in; only a release goes out."""
