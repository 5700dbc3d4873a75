"""Review: a local web app in which people judge what a run removed. It reads a run and never changes it."""
