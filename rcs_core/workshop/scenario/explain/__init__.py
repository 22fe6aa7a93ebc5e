"""Explanations of a solved scenario, worked out by the engine: findings in numbers, without words."""
