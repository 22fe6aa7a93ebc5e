"""The profile of one place, of one layout for a council, a cluster or a school: two pages, complete by themselves."""

from rcs_core.workshop.profile.build import profile
from rcs_core.workshop.profile.parts import Look, Picture, Profile, Section, Table
from rcs_core.workshop.profile.places import places

__all__ = ["Look", "Picture", "Profile", "Section", "Table", "places", "profile"]
