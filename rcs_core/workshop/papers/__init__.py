"""Documents that people take away, one module each: what they say and in which order, without a program to write them with."""
