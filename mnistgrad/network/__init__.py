"""The lesson's network: MNIST, the weights to start from, every gradient, and its verification."""
