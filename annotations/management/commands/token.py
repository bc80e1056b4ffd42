"""`./run token NAME`: a new API token of the account NAME, and nothing else on the line."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotations.actions.tokens import make_token
from annotations.models import User
from annotations.rules.refusals import Refusal
from annotations.rules.scopes import ALL, DAYS, MOST_DAYS, life


class Command(BaseCommand):
    help = "Print a new API token of an account. It is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the account's name, such as moderator")
        parser.add_argument("--label", default="command line", help="what the token is for")
        parser.add_argument(
            "--scope",
            action="append",
            choices=[one.value for one in ALL],
            help="what it may do; may be repeated, and all of it unless given",
        )
        parser.add_argument(
            "--days", type=int, default=DAYS, help=f"how long it lives, 1 to {MOST_DAYS} ({DAYS})"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["name"], is_active=True).first()
        if user is None:
            some = ", ".join(
                User.objects.filter(is_active=True)
                .order_by("pk")
                .values_list("username", flat=True)[:10]
            )
            raise CommandError(
                f"There is no account “{options['name']}”. "
                + (f"There are: {some}." if some else "Start the demo first: ./run demo.")
            )
        try:
            lives, scopes = life(options["days"]), options["scope"] or ALL
            _, secret = make_token(user, options["label"], actor=user, life=lives, scopes=scopes)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from None
        self.stdout.write(secret)
