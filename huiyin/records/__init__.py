"""What is kept: the one Django app with tables. Models, constraints, triggers; no behaviour."""
