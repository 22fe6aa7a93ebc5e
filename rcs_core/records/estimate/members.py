"""Which atoms belong to which domains, laid out so that sums by domain need one pass however many domains there are.

An **entry** is an atom inside a domain. Sums by domain and by domain and school (or stratum) run over entries only, so
that time and memory grow with them and never with domains times schools.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_ONE_CORE = 250_000
"""Multiplications up to which BLAS keeps to one core: for more it wakes others, which costs more than such products."""


def narrow(rows: Floats, square: Floats) -> Floats:
    """rows @ square for many rows and few columns, in pieces that stay on one core."""
    step = max(1, _ONE_CORE // max(1, square.size))
    pieces = [rows[first : first + step] @ square for first in range(0, len(rows), step)]
    return np.concatenate(pieces) if pieces else np.zeros((0, square.shape[1]))


@dataclass(frozen=True, slots=True)
class Pairs:
    """The domains crossed with some groups of atoms, where both meet: a place for each meeting, in order of domains."""

    group: Ints
    domain: Ints
    of_entry: Ints
    starts: Ints

    def total(self, values: Floats) -> Floats:
        """Sums of values (one an entry) by pair."""
        return np.bincount(self.of_entry, weights=values, minlength=len(self.group))

    def by_domain(self, values: Floats) -> Floats:
        """Sums of values (one a pair) by domain."""
        return np.bincount(self.domain, weights=values, minlength=len(self.starts) - 1)

    def times(self, values: Floats, rows: Floats) -> Floats:
        """By domain, the sum of values (one a pair) times the row of each pair's group."""
        shape = (len(self.starts) - 1, len(rows))
        return np.asarray(sparse.csr_array((values, self.group, self.starts), shape=shape) @ rows)


@dataclass(frozen=True)
class Members:
    """The entries of some domains, in order of domains: `atom` and `domain` of each; `starts`: first entry of a domain."""

    atom: Ints
    domain: Ints
    starts: Ints
    _known: dict[int, tuple[Ints, Pairs]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, matrix: sparse.csr_array) -> "Members":
        """The layout of domains given as a matrix, atoms by domains, 0/1."""
        columns = sparse.csc_array(matrix)
        columns.eliminate_zeros()
        columns.sort_indices()
        domain = np.repeat(np.arange(columns.shape[1]), np.diff(columns.indptr))
        return cls(columns.indices.astype(np.int64), domain, columns.indptr.astype(np.int64))

    @classmethod
    def parts(cls, domain_of: Ints, size: int) -> "Members":
        """Domains that share no atom: `domain_of` each atom, -1 for none."""
        inside = np.flatnonzero(domain_of >= 0)
        atom = inside[np.argsort(domain_of[inside], kind="stable")]
        starts = np.concatenate([[0], np.cumsum(np.bincount(domain_of[atom], minlength=size))])
        return cls(atom, domain_of[atom], starts.astype(np.int64))

    @property
    def size(self) -> int:
        """How many domains there are."""
        return len(self.starts) - 1

    def total(self, values: Floats) -> Floats:
        """Sums of values (one an entry) by domain."""
        return np.bincount(self.domain, weights=values, minlength=self.size)

    def times(self, values: Floats, rows: sparse.csr_array) -> Floats:
        """By domain, the sum of values (one an entry) times the row of each entry's atom (rows: atoms by columns)."""
        shape = (self.size, rows.shape[0])
        return np.asarray((sparse.csr_array((values, self.atom, self.starts), shape=shape) @ rows).toarray())

    def pairs(self, group_of: Ints) -> Pairs:
        """The domains crossed with groups (one an atom), made once for each set of groups.

        The set is known by its array, which is kept, so that no other can take its place.
        """
        if id(group_of) not in self._known:
            width = int(group_of.max(initial=0)) + 1
            kinds, of_entry = np.unique(self.domain * width + group_of[self.atom], return_inverse=True)
            domain = kinds // width
            starts = np.searchsorted(domain, np.arange(self.size + 1))
            made = Pairs(kinds % width, domain, of_entry.astype(np.int64), starts.astype(np.int64))
            self._known[id(group_of)] = (group_of, made)
        return self._known[id(group_of)][1]
