"""Why an act is refused, by what is looked at. Each guard answers None, or a refusal in words that say which record is missing and how to make it."""
