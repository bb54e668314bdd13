"""Measures how the product behaves when there is much of everything: see bin/bench."""
