"""What a plan stands: other inputs tried on any scenario, its plan carried out as it is and worked out anew."""
