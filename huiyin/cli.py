"""The command `huiyin`: one word for each thing that somebody does on the server."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

Run = Callable[[argparse.Namespace], int]

# These read the rest of the line themselves.
HANDING_ON = ("verify", "witness", "admin", "triage", "county")
EPILOG = "Settings are HUIYIN_* variables, described in docs/settings.md."


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code. What a person has to mend is said in words, without a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.config.settings")
    os.umask(0o077)  # the database holds what residents said: nobody else on the machine reads any file we make
    parser = _parser()
    arguments, rest = parser.parse_known_args(argv)
    arguments.rest = rest
    if arguments.rest and arguments.command not in HANDING_ON:
        parser.error(f"{arguments.command} does not take {' '.join(arguments.rest)}")
    if arguments.command == "demo":
        _choose_demo()
    elif "HUIYIN_MODE" not in os.environ:
        os.environ["HUIYIN_MODE"] = "production"
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return 130


def _run(arguments: argparse.Namespace) -> int:
    from django.core.exceptions import ImproperlyConfigured
    from django.db import InterfaceError, OperationalError

    from huiyin.adapters.keys import KeyTrouble
    from huiyin.config.trouble import NotReady

    try:
        run: Run = arguments.run
        return run(arguments)
    except (ImproperlyConfigured, KeyTrouble, NotReady) as trouble:
        print(f"huiyin: {trouble}", file=sys.stderr)
        return 2
    except (OperationalError, InterfaceError) as refused:
        from huiyin.config import installation

        print(f"huiyin: {installation.in_words(refused)}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="huiyin", description="回音: 遇事有人管、件件有落实、事事有回音", epilog=EPILOG)
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")

    demo = commands.add_parser("demo", help="try it: a made-up county on this machine")
    demo.add_argument("--lan", action="store_true", help="let phones on the same network in, not only this machine")
    demo.add_argument("--fresh", action="store_true", help="forget what was tried and start over")
    demo.add_argument("--port", type=int, default=None, help="the port (8020, or the next free one)")
    demo.set_defaults(run=_demo)

    for name, run, text in (
        ("up", _up, "serve: pages and worker, with the settings of this machine"),
        ("init", _init, "prepare directories, tables, key and static files, and stop"),
        ("migrate", _migrate, "bring the tables to this version"),
        ("check", _check, "say whether this installation can be served, and what is unsafe"),
        ("worker", _worker, "only the worker: deliveries, photos, clocks"),
    ):
        commands.add_parser(name, help=text).set_defaults(run=run)

    export = commands.add_parser(
        "export", help="write what was set up, without passwords and cases, to take to another installation"
    )
    export.add_argument("file", type=Path, metavar="FILE.zip")
    export.set_defaults(run=_export)
    brought = commands.add_parser("import", help="set an empty installation up from what export wrote")
    brought.add_argument("file", type=Path, metavar="FILE.zip")
    brought.add_argument("--check", action="store_true", help="only say whether it could be brought in")
    brought.set_defaults(run=_import)

    restored = commands.add_parser("mark-restored", help="leave in the record that a backup was brought back")
    restored.add_argument("--why", required=True, help="why, in words that everybody may read")
    restored.add_argument(
        "--checkpoint", action="append", default=[], type=Path, metavar="FILE", help="a checkpoint kept elsewhere"
    )
    restored.set_defaults(run=_mark_restored)

    for name, run, text in (
        ("verify", _verify, "check the record: triggers, chains, copies, the log and its checkpoints"),
        ("witness", _witness, "keep a file of another's checkpoints: KEPT.txt NEW.txt, or its address"),
        ("admin", _admin, "make the first administrator, coordinator and custodian"),
        ("county", _county, "set a county up from four tables: templates FOLDER, check FILES, bring FILES"),
        ("triage", _triage, "evaluate: score a labelled table against a catalogue"),
    ):
        commands.add_parser(name, help=text, add_help=False).set_defaults(run=run)
    return parser


def _county(arguments: argparse.Namespace) -> int:
    _setup()
    from django.utils import timezone

    from huiyin.config import county

    return county.main(arguments.rest, timezone.now())


def _triage(arguments: argparse.Namespace) -> int:
    if arguments.rest[:1] != ["evaluate"]:
        print("huiyin: triage evaluate --in FILE [--catalogue FILE] [--train FILE] [--out FILE]", file=sys.stderr)
        return 2
    os.environ["HUIYIN_MODE"] = "test"  # it reads files only: no key, no database
    _setup()
    from huiyin.jobs import evaluate

    return evaluate.main(arguments.rest[1:])


def _choose_demo() -> None:
    """The demo never touches what the variables of a real installation name."""
    for name in [name for name in os.environ if name.startswith("HUIYIN_") and name not in {"HUIYIN_DATA", "HUIYIN_LOG_LEVEL"}]:
        del os.environ[name]
    os.environ["HUIYIN_MODE"] = "demo"


def _setup() -> None:
    import django

    django.setup()
    from huiyin.config import owner

    owner.refuse_another_owner()


def _demo(arguments: argparse.Namespace) -> int:
    from huiyin import launcher

    return launcher.demo(lan=arguments.lan, fresh=arguments.fresh, port=arguments.port)


def _up(arguments: argparse.Namespace) -> int:
    from huiyin import launcher

    return launcher.up()


def _init(arguments: argparse.Namespace) -> int:
    _setup()
    from django.utils import timezone

    from huiyin.config import installation

    installation.prepare(installation.announce)
    installation.load_seeds(installation.announce, timezone.now())
    return 0


def _export(arguments: argparse.Namespace) -> int:
    _setup()
    from huiyin.config.trouble import NotReady
    from huiyin.services import exporting

    content = exporting.export()
    try:
        descriptor = os.open(
            arguments.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600
        )  # names and telephones of staff are in it
    except OSError as error:
        raise NotReady(f"{arguments.file} cannot be written: {error.strerror}.") from error
    with open(descriptor, "wb") as out:
        out.write(content)
    print(f"{arguments.file}: {len(content)} bytes")
    return 0


def _language() -> str:
    """The language of whoever sits at the shell: English where their locale is, else Chinese."""
    said = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "en" if said.startswith("en") else "zh-hans"


def _import(arguments: argparse.Namespace) -> int:
    """0 when it was done or could be, 1 when it was not taken, with the reason."""
    _setup()
    from huiyin.config import installation
    from huiyin.config.trouble import NotReady
    from huiyin.services import exporting

    try:
        archive = arguments.file.read_bytes()
    except OSError as error:
        raise NotReady(f"{arguments.file} cannot be read: {error.strerror}.") from error
    installation.prepare(installation.announce)
    try:
        moved = exporting.bring_in(archive=archive, only_check=arguments.check)
    except exporting.NotTaken as why:
        from django.utils import translation

        with translation.override(_language()):
            text = translation.gettext(why.text)
        print(f"huiyin: {text % why.values if why.values else text}", file=sys.stderr)
        return 1
    for username, name, password in moved.passwords:
        print(f"{name}\t{username}\t{password}")
    print(", ".join(f"{name} {many}" for name, many in moved.counted.items()))
    return 0


def _migrate(arguments: argparse.Namespace) -> int:
    os.environ.setdefault("HUIYIN_STATEMENT_SECONDS", "0")
    _setup()
    from huiyin.config import installation

    installation.make_directories()
    installation.migrate(installation.announce)
    return 0


def _check(arguments: argparse.Namespace) -> int:
    _setup()
    from huiyin.config import installation

    return installation.check(installation.announce)


def _worker(arguments: argparse.Namespace) -> int:
    _setup()
    from huiyin.adapters import keys
    from huiyin.jobs import worker

    keys.fingerprint()  # Refuses here, in words, what every job would stumble over.
    return worker.main()


def _verify(arguments: argparse.Namespace) -> int:
    _setup()
    from huiyin.jobs import verify

    return int(verify.main(arguments.rest))


def _witness(arguments: argparse.Namespace) -> int:
    """Needs neither settings nor a database: it keeps another installation's checkpoints."""
    from huiyin.web.portal import huiyin_proof

    return int(huiyin_proof.main(["keep", *arguments.rest]))


def _mark_restored(arguments: argparse.Namespace) -> int:
    """A backup may be of an older version: its tables are brought to this one first."""
    _setup()
    from django.utils import timezone

    from huiyin.config import installation
    from huiyin.jobs import verify

    installation.migrate(installation.announce)
    return verify.mark_restored(arguments.why, arguments.checkpoint, timezone.now())


def _admin(arguments: argparse.Namespace) -> int:
    _setup()
    from django.utils import timezone

    from huiyin.config import founding, installation

    installation.prepare(installation.announce)
    return founding.main(arguments.rest, timezone.now())


if __name__ == "__main__":
    sys.exit(main())
