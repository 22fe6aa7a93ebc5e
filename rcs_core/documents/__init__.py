"""Documents to read on paper: what one is made of, and the one place that writes docx and pdf."""
