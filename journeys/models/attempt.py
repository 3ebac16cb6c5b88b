"""One exchange about a submission, as it was."""

from django.db import models


class Attempt(models.Model):
    """One exchange with the tenant. Written when it is over, never changed."""

    submission = models.ForeignKey("Submission", on_delete=models.PROTECT, related_name="attempts")
    fence = models.PositiveIntegerField()
    phase = models.CharField(max_length=10)  # "token", "look-up" or "send"
    started_at = models.DateTimeField()
    seconds = models.FloatField()
    http_status = models.PositiveSmallIntegerField(null=True)
    result = models.CharField(max_length=20)
    text = models.TextField()
    answer = models.TextField(blank=True)  # as it came, secrets hidden, at most 64 KiB

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["started_at", "phase", "submission", "seconds"], name="attempt_started"
            )
        ]

    def __str__(self) -> str:
        return f"{self.phase}: {self.text}"
