"""Fits triage's weights with scikit-learn. Imported and used by the worker and by commands only: the pages serve the arrays without it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from huiyin.rules.triage import Example, Vocabulary, Weights

MOST_GRAMS = 60_000  # keeps the arrays of a hundred classes near 12 MB
FEWEST_TEXTS = 2  # a gram of one text alone would be that text's
SHARPNESS, FLOOR = 4.0, -0.6  # of differences between margins of a support vector machine
C = 0.5
MANY = 12_000  # examples from which the faster solver is taken
SEED = 20261124


def fit(examples: Sequence[Example]) -> Weights:
    """One linear separator for each label against the rest. Raises ValueError for fewer than two labels, ImportError without scikit-learn.

    The same examples in the same order give the same weights.
    """
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import SGDClassifier
    from sklearn.svm import LinearSVC

    vocabulary = Vocabulary.of([example.text for example in examples], FEWEST_TEXTS, MOST_GRAMS)
    vectors = [vocabulary.vector(example.text) for example in examples]
    ends = np.cumsum([0, *(len(rows) for rows, _ in vectors)])
    rows, values = np.concatenate([rows for rows, _ in vectors]), np.concatenate([values for _, values in vectors])
    matrix = csr_matrix((values, rows, ends), shape=(len(examples), len(vocabulary.grams)))
    labels, weights = [example.label for example in examples], np.array([example.weight for example in examples])
    if len(examples) < MANY:
        model = LinearSVC(C=C, class_weight="balanced", random_state=SEED)
    else:
        model = SGDClassifier(
            loss="hinge", alpha=1e-5, max_iter=8, tol=None, average=True, class_weight="balanced", random_state=SEED
        )
    model.fit(matrix, labels, sample_weight=weights)
    coefficients, bias = np.atleast_2d(model.coef_), np.atleast_1d(model.intercept_)
    if len(model.classes_) == 2:  # one separator for two labels
        coefficients, bias = np.vstack([-coefficients, coefficients]), np.concatenate([-bias, bias])
    return Weights(
        grams=vocabulary.grams,
        rarity=vocabulary.rarity,
        classes=tuple(str(label) for label in model.classes_),
        matrix=coefficients.T.astype(np.float16),
        bias=bias.astype(np.float32),
        sharpness=SHARPNESS,
        floor=FLOOR,
    )
