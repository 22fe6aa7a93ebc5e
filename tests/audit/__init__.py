"""The outside reader against leaks made by hand, brute force and its own laws."""
