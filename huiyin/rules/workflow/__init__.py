"""The workflow of a case: its words, its fields, its table of actions, the guards, and the judge that reads them."""
