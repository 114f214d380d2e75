"""`torchrun -m mnistgrad.distributed` and `python -m mnistgrad.distributed`: the sums, split over processes."""

from mnistgrad.app.command.split import main

if __name__ == "__main__":
    main()
