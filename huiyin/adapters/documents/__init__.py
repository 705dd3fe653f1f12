"""Documents on paper: PDF set by Typst in a process of its own (`press`), an editable copy (`docx`), whole files bound together (`binding`),
and the county's own templates before those that are shipped (`templates`)."""
