"""`python -m mnistgrad` does what the command `mnistgrad` does."""

from mnistgrad.app.command.main import main

if __name__ == "__main__":
    main()
