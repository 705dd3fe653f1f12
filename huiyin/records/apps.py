"""Registers the app and makes the ledger's triggers after every migrate (SQLite loses them when Django rebuilds a table)."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecordsConfig(AppConfig):
    name = "huiyin.records"
    label = "records"
    verbose_name = "Records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from huiyin.records import triggers

        post_migrate.connect(triggers.after_migrate, sender=self, dispatch_uid="records.triggers")
