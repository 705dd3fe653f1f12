"""Documents: which there are and what each must say (`kinds`), how a template becomes the blocks of a page (`compose`), and how Chinese
official text is written (`wording`)."""
