"""Why a scenario is impossible: sums that do not come out, what repairs a clash, and the most that can be had."""
