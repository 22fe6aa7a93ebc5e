"""The versions of the workshop's store, oldest first; `rcs_core.workshop.store` applies them when it opens."""
