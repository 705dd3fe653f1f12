"""Triage learns: from the lists' words and from what clerks have confirmed. What is kept is weights and figures, no text."""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from huiyin.adapters import learner
from huiyin.records.models import LogState, TriageModel
from huiyin.rules import triage
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.figures import Answer, Figures, figures
from huiyin.rules.triage import ELSEWHERE, Example, Index
from huiyin.selectors import elsewhere, learning, lists
from huiyin.selectors.memory import forget_after_commit
from huiyin.services.writing import writing

log = logging.getLogger(__name__)

ENOUGH = 20  # confirmations after which it is worth learning anew
CATALOGUE_WEIGHT = 0.5
FOLDS = 5
KEPT = 3  # models whose weights are kept
AN_HOUR = timedelta(hours=1)
ONE_NIGHT = timedelta(hours=20)


def is_due(*, at: datetime) -> bool:
    """Whether the words changed, ENOUGH was confirmed since, a night has passed and something was, or something was masked that may have
    been learnt from: then within the hour."""
    catalogue = _catalogue(at)
    last = learning.newest(catalogue)
    if last is None:
        return bool(lists.in_force(at.astimezone(SHANGHAI).date()).items)
    if at - last.made_at >= AN_HOUR and learning.masked_since(last.made_at) is not None:
        return True
    since = learning.confirmed_since(last.made_at)
    return since >= ENOUGH or (since > 0 and at - last.made_at >= ONE_NIGHT)


def learn(*, at: datetime) -> str:
    """Fit anew and keep the weights with their figures; returns the version. Raises ImportError without scikit-learn."""
    items, others = lists.catalogue(at.astimezone(SHANGHAI).date())
    spoken = triage.examples_of(items, others, CATALOGUE_WEIGHT)
    confirmed = learning.confirmed()
    weights = learner.fit([*spoken, *confirmed], elsewhere.asides())
    version = Index.build(items, others, weights).version
    found, recall = _tried(spoken, items, others)
    kept = {
        "top1": round(found.top1.value or 0, 4),
        "top3": round(found.top3.value or 0, 4),
        "auroc": round(found.auroc or 0, 4),
        "items": recall,
    }
    with writing():
        fields = {
            "catalogue": _catalogue(at),
            "made_at": at,
            "examples": len(confirmed),
            "figures": kept,
            "weights": weights.pack(),
        }
        TriageModel.objects.update_or_create(version=version, defaults=fields)
        _forget_old(at)
        forget_after_commit()
    log.info("triage learnt: %s from %d confirmed", version, len(confirmed))
    return version


def _forget_old(at: datetime) -> None:
    """Weights of the last KEPT models stay, none from before something was masked: it could stand in them."""
    newest = list(TriageModel.objects.order_by("-made_at", "-pk").values_list("pk", "made_at")[:KEPT])
    kept = [pk for pk, made_at in newest if made_at == at or learning.masked_since(made_at) is None]
    gone = TriageModel.objects.exclude(pk__in=kept).exclude(weights=None)
    if gone.update(weights=None):
        LogState.objects.update_or_create(pk=1, defaults={"scrub": True})


def _catalogue(at: datetime) -> str:
    items, others = lists.catalogue(at.astimezone(SHANGHAI).date())
    return triage.catalogue_version(items, others)


def _tried(
    spoken: Sequence[Example], items: Sequence[triage.ItemText], others: Sequence[triage.Elsewhere]
) -> tuple[Figures, dict[str, float]]:
    """The lists' own phrases left out a fifth at a time: figures over all, and for each item the share of its phrases that find it."""
    order = list(range(len(spoken)))
    random.Random(learner.SEED).shuffle(order)  # noqa: S311, a fixed shuffle, nothing secret
    answers: list[tuple[str, Answer]] = []
    for fold in range(FOLDS):
        out = set(order[fold::FOLDS])
        weights = learner.fit([example for number, example in enumerate(spoken) if number not in out], elsewhere.asides())
        index = Index.build(items, others, weights)
        for number in sorted(out):
            example = spoken[number]
            if example.weight < CATALOGUE_WEIGHT:
                continue  # short names are no messages
            said = index.suggest(example.text)
            label = "" if example.label.startswith(ELSEWHERE) else example.label
            three = tuple(one.code for one in said.suggestions)
            answers.append((example.label, Answer(label=label, three=three, score=said.score)))
    recall: dict[str, list[bool]] = {}
    for label, answer in answers:
        if answer.label:
            recall.setdefault(label, []).append(answer.label in answer.three[:1])
    shares = {code: round(sum(hits) / len(hits), 3) for code, hits in recall.items()}
    return figures([answer for _, answer in answers]), shares
