"""Which named contacts add up to which, said once: for counts that come in, for hiding, and for the audit's sums."""

from collections.abc import Mapping

from rcs_core.vocab import Contact

CONTACT_SUMS: dict[str, tuple[Contact, tuple[Contact, ...]]] = {
    "any": (Contact.ALL, (Contact.EITHER, Contact.NONE)),
    "sw": (Contact.ALL, (Contact.SOCIAL_WORK, Contact.NO_SOCIAL_WORK)),
    "asl": (Contact.ALL, (Contact.ADDITIONAL_SUPPORT, Contact.NO_ADDITIONAL_SUPPORT)),
    "detail": (Contact.EITHER, (Contact.SOCIAL_WORK_ONLY, Contact.ADDITIONAL_SUPPORT_ONLY, Contact.BOTH)),
    "sw_detail": (Contact.SOCIAL_WORK, (Contact.SOCIAL_WORK_ONLY, Contact.BOTH)),
    "asl_detail": (Contact.ADDITIONAL_SUPPORT, (Contact.ADDITIONAL_SUPPORT_ONLY, Contact.BOTH)),
    "no_sw_detail": (Contact.NO_SOCIAL_WORK, (Contact.NONE, Contact.ADDITIONAL_SUPPORT_ONLY)),
    "no_asl_detail": (Contact.NO_ADDITIONAL_SUPPORT, (Contact.NONE, Contact.SOCIAL_WORK_ONLY)),
    "care": (Contact.ALL, (Contact.LOOKED_AFTER, Contact.NOT_LOOKED_AFTER)),
    "sw_care": (Contact.SOCIAL_WORK, (Contact.LOOKED_AFTER, Contact.SOCIAL_WORK_NOT_LOOKED_AFTER)),
    "no_care_detail": (Contact.NOT_LOOKED_AFTER, (Contact.NO_SOCIAL_WORK, Contact.SOCIAL_WORK_NOT_LOOKED_AFTER)),
}
"""Each way in which a contact code is the sum of others, by the name of the partition. Who is looked after has social work."""


def completed(given: Mapping[Contact, int]) -> dict[Contact, int]:
    """The counts with every one that follows from others by a single sum or difference; a negative one shows a mistake."""
    counts, before = dict(given), -1
    while len(counts) != before:
        before = len(counts)
        for whole, parts in CONTACT_SUMS.values():
            lost = [part for part in parts if part not in counts]
            if not lost and whole not in counts:
                counts[whole] = sum(counts[part] for part in parts)
            elif whole in counts and len(lost) == 1:
                counts[lost[0]] = counts[whole] - sum(counts[part] for part in parts if part in counts)
    return counts


def wrong_sums(given: Mapping[Contact, int]) -> list[str]:
    """Each sum of contacts that does not hold among the counts, in words."""
    counts, said = completed(given), []
    for whole, parts in CONTACT_SUMS.values():
        if (
            whole in counts
            and all(part in counts for part in parts)
            and (total := sum(counts[p] for p in parts)) != counts[whole]
        ):
            said.append(f"{whole} {counts[whole]:,} is not {' + '.join(parts)} {total:,}")
    said += [f"{code} would be {counts[code]:,}, by what is left" for code in counts if counts[code] < 0]
    return said
