"""`python -m mnistgrad` does what the command `mnistgrad` does."""

from mnistgrad.app.command.start import main

if __name__ == "__main__":
    main()
