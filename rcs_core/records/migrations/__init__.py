"""The tables of what the desk remembers, version by version; `mappings.Mappings.open` brings a file up to date."""
