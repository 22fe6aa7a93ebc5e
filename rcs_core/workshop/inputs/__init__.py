"""Inputs as they are: what is missing, when money is free, what breaks even, and the few numbers that a group is asked."""
