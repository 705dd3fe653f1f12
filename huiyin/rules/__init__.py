"""What the regulations say: pure Python, without Django, clock, input or output, or randomness."""
