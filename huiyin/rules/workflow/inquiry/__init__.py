"""Guards of 三查, by step: which lawful step is missing before an act, in the meaning of the statute. Each names the clause and how to make good."""
