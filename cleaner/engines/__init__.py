"""Engines move records through a pipeline; none of them judges."""
