"""Where values stand on a line of a drawing."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LineScale:
    """From `low` to `high` in equal distances, at px that grow to the right or the other way; equal ends count as 1 apart."""

    low: float
    high: float
    at_low: float
    at_high: float

    def at(self, value: float) -> float:
        return self.at_high + (self.at_low - self.at_high) * (self.high - value) / ((self.high - self.low) or 1.0)
