"""The workshop room: sees a release and never a record."""
