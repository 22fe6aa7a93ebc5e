"""The plan that is made of decisions, and its review: nothing is keyed twice.

In: what was decided, the priorities it hangs under, kept scenarios and releases. Out: the chain from priority to date with its
gaps, what was planned beside what was spent, what an indicator was beside what it is, and the statement of resources.
"""
