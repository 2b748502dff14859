"""`python -m scopewise` is the same as the `scopewise` command."""

from scopewise.cli import main

if __name__ == "__main__":
    main()
