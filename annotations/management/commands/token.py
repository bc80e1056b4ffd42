"""`./run token NAME`: a new API token of the account NAME, and nothing else on the line."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotations.actions.tokens import make_token
from annotations.models import User


class Command(BaseCommand):
    help = "Print a new API token of an account. It is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the account's name, such as moderator")
        parser.add_argument("--label", default="command line", help="what the token is for")

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
        _, secret = make_token(user, options["label"], actor=user)
        self.stdout.write(secret)
