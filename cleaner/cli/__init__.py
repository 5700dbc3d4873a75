"""The command line: thin verbs, each calling one function of the package."""
