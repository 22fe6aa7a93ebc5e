"""The scenario engine: a reallocation as a linear programme, solved in stages and explained in plain words."""
