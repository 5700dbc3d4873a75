"""``python -m cleaner``: the command line."""

from cleaner.cli.main import main

main()
