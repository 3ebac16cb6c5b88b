"""To be run once after the database was restored from a backup, before anything else is started."""

from journeys.management.reporting import ReportingCommand
from journeys.models import witness
from journeys.models.key_use import backup_restored, newest_attempt


class Command(ReportingCommand):
    help = (
        "After a restore from a backup: looks up what is open before anything is sent, and asks for"
        " known keys."
    )

    def handle(self, *args: object, as_json: bool, **options) -> None:
        count = backup_restored()
        witness.follow()
        witness.put(witness.ATTEMPTS, newest_attempt())
        what = "open submission is" if count == 1 else "open submissions are"
        lines = [f"{count} {what} looked up before anything is sent."]
        self.report({"open_submissions": count}, lines, as_json)
