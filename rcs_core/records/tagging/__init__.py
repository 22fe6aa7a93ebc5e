"""Tagging ledger lines by rule: what each rule takes, what rules clash over, what is like last year; never by itself."""
