"""Everything true without a screen: the field's words, the records room, the workshop room and the release between them."""

__version__ = "0.1.0"
