"""Fits triage's weights with scikit-learn. Imported and used by the worker and by commands only: the pages serve the arrays without it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from huiyin.rules import triage
from huiyin.rules.triage import Example, Vocabulary, Weights

MOST_GRAMS = 60_000  # keeps the arrays of a hundred classes near 13 MB
FEWEST_CASES = 3  # what fewer confirmed cases share could be a name, and would outlive their masking
SHARPNESS, FLOOR = 4.0, -1.0  # of differences between margins of a support vector machine
DOUBT = 0.1  # by which an item has to speak louder than what is on no list
C = 1.0
SEED = 20261124


def fit(examples: Sequence[Example], asides: Sequence[str] = ()) -> Weights:
    """One linear separator for each label against the rest. Raises ValueError for fewer than two labels, ImportError without scikit-learn.

    Published examples are also learnt with `asides` around them, which are about nothing (triage.at_length, triage.beside).
    The same examples in the same order give the same weights.
    """
    from scipy.sparse import csr_matrix
    from sklearn.svm import LinearSVC

    vocabulary = _vocabulary(examples, asides)
    around = triage.beside(asides) + triage.at_length(examples, asides)
    examples = [*examples, *around]
    vectors = [vocabulary.vector(example.text) for example in examples]
    ends = np.cumsum([0, *(len(rows) for rows, _ in vectors)])
    rows, values = np.concatenate([rows for rows, _ in vectors]), np.concatenate([values for _, values in vectors])
    matrix = csr_matrix((values, rows, ends), shape=(len(examples), len(vocabulary.grams)))
    labels, weights = [example.label for example in examples], np.array([example.weight for example in examples])
    model = LinearSVC(C=C, class_weight="balanced", random_state=SEED)
    model.fit(matrix, labels, sample_weight=weights)
    coefficients, bias = np.atleast_2d(model.coef_), np.atleast_1d(model.intercept_)
    if len(model.classes_) == 2:  # one separator for two labels
        coefficients, bias = np.vstack([-coefficients, coefficients]), np.concatenate([-bias, bias])
    listed = np.array([not str(label).startswith(triage.ELSEWHERE) for label in model.classes_])
    return Weights(
        grams=vocabulary.grams,
        rarity=vocabulary.rarity,
        classes=tuple(str(label) for label in model.classes_),
        matrix=coefficients.T.astype(np.float16),
        bias=(bias - DOUBT * listed).astype(np.float32),
        sharpness=SHARPNESS,
        floor=FLOOR,
    )


def _vocabulary(examples: Sequence[Example], asides: Sequence[str]) -> Vocabulary:
    """Of each text once, so that no gram counts twice for being told at length; asides as often as they are told."""
    published = [example.text for example in examples if example.published]
    told = asides and [asides[number % len(asides)] for number in range(4 * len(published))]
    private: dict[tuple[int, int], list[str]] = {}
    for number, example in enumerate(examples):
        if not example.published:
            private.setdefault((example.of, 0 if example.of else number), []).append(example.text)
    together = [tuple(texts) for texts in private.values()]
    return Vocabulary.of(together, FEWEST_CASES, MOST_GRAMS, published=[*published, *told])
