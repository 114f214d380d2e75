"""The lesson's sum, split over processes: each adds up its own images, and an all-reduce adds up what they found."""
