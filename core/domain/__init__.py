"""The rules, as plain values and pure functions."""
