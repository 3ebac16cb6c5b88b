from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "journeys"
    verbose_name = "Journeys"

    def ready(self) -> None:
        from composer import checks  # noqa: F401  registers the system checks
        from composer.identity import recording

        recording.connect()
