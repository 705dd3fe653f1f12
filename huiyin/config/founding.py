"""`huiyin admin`: asks for the first administrator, coordinator and custodian, as far as they are missing."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Sequence
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from huiyin.config.trouble import NotReady
from huiyin.rules.workflow.vocabulary import Role
from huiyin.services import founding
from huiyin.services.people import made_up_password

Ask = Callable[[str], str]

TITLES = {Role.ADMIN: "管理员 administrator", Role.CO: "协调机构人员 coordinator", Role.CUS: "身份保管人 custodian"}
USERNAMES = {Role.ADMIN: "admin", Role.CO: "coordinator", Role.CUS: "custodian"}


def main(rest: Sequence[str], at: datetime) -> int:
    """Without a terminal, or with --generate, names are proposed and passwords made and shown once."""
    if unknown := [word for word in rest if word != "--generate"]:
        raise NotReady(f"huiyin admin takes only --generate, not {unknown[0]}")
    missing = founding.vacant(at=at)
    if not missing:
        print(
            "There are an administrator, a coordinator and a custodian already; further people are made in 设置, with a second person."
        )
        return 0
    asked = sys.stdin.isatty() and "--generate" not in rest
    for role in missing:
        (_ask_one if asked else _propose_one)(role, at)
    print("They set up their second factor when they first sign in.")
    return 0


def _propose_one(role: Role, at: datetime) -> None:
    password = made_up_password()
    title = TITLES[role].split()[0]
    founding.found(role=role, username=USERNAMES[role], name=title, password=password, temporary=True, at=at)
    print(f"{TITLES[role]}:  {USERNAMES[role]}  {password}  (to be changed at the first sign-in)")


def _ask_one(role: Role, at: datetime, ask: Ask = input, ask_hidden: Ask = getpass.getpass) -> None:
    print(f"\n{TITLES[role]}")
    while True:
        username = ask(f"  用户名 user name [{USERNAMES[role]}]: ").strip() or USERNAMES[role]
        name = ask("  姓名 name: ").strip()
        password = ask_hidden("  密码 password (empty: one is made): ")
        made = not password
        password = password or made_up_password()
        try:
            if not made:
                validate_password(password)
            founding.found(role=role, username=username, name=name, password=password, temporary=made, at=at)
        except ValidationError as error:
            print("  " + " ".join(error.messages))
            continue
        if made:
            print(f"  密码 password: {password}")
        return
