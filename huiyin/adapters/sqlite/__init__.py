"""Django's SQLite engine with a queue in front of the one writer: first come, first served, instead of sleeping and trying again."""
