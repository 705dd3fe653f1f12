"""What is measured and against what: `python -m bench` prints ratios from one run on this machine."""
