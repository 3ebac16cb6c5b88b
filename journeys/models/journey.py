"""A journey: what is asked for without opening its document, and the one way to change that
document."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from journeys import checks
from journeys.lifecycle.journey_state import BEING_WRITTEN, JourneyState
from journeys.lifecycle.review import Decision
from journeys.models import (
    acceptance_rules,
    approving,
    clock,
    memory,
    seals,
    submitting,
    taking_back,
)
from journeys.models.audit import record
from journeys.models.authorship import Brought, writers_after
from journeys.models.merging import Made, done_to_newest, made_of, same_run, summarise
from journeys.models.revision import Revision, remember, sha256_of
from journeys.models.search import SORTED, note_words, sortable
from journeys.models.state_writer import follow
from journeys.models.tenant import Tenant, of_visible
from journeys.spec import document as doc

# What follows the newest revision.
COPIED = [
    "head",
    "changed_at",
    "key",
    "key_proposed",
    "key_seal",
    "name",
    "sort_name",
    "description",
]
COPIED += ["workflow_api_version"]
FOLLOWED = ["state", "key", "key_proposed", "key_seal"]
MADE_AHEAD = 2  # times that a change is worked out before it is done with the lock held


class KeyTaken(Exception):
    """The tenant already has a journey of this key here."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class JourneyQuerySet(models.QuerySet):
    def visible_to(self, user, *, is_search: bool = False) -> "JourneyQuerySet":
        return of_visible(self, user, is_search=is_search)

    def editable_by(self, user) -> "JourneyQuerySet":
        return self.visible_to(user) if user.has_perm("journeys.change_journey") else self.none()

    @transaction.atomic
    def start(
        self,
        document: dict,
        *,
        tenant,
        owner,
        operation: str,
        summary: str,
        key_proposed: bool = False,
    ):
        """A new journey with its first revision; raises KeyTaken and DocumentError, and then writes
        nothing."""
        doc.require_shape(document)
        if self.filter(tenant=tenant, key=document["key"]).exists():
            raise KeyTaken(document["key"])
        journey = self.model(
            tenant=tenant, owner=owner, key=document["key"], key_proposed=key_proposed
        )
        try:
            with transaction.atomic():
                journey.save(force_insert=True)
        except IntegrityError as error:
            raise KeyTaken(document["key"]) from error
        if key_proposed:
            journey.seal_key()
        journey.append(document, author=owner, operation=operation, summary=summary)
        return journey


class Journey(models.Model):
    """`key`, `name`, `description` and `workflow_api_version` are copies out of the newest document
    (`head`)."""

    State = JourneyState

    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, related_name="journeys", verbose_name=_("tenant")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="journeys",
    )
    key = models.CharField(_("key"), max_length=doc.MAX_KEY)
    # A key that was made up here is new to the tenant; any other has to be looked up before it is
    # sent.
    key_proposed = models.BooleanField(default=False, editable=False)
    key_seal = models.CharField(max_length=80, blank=True, editable=False)
    name = models.TextField(_("name"), blank=True)
    sort_name = models.CharField(
        max_length=SORTED, default="", editable=False
    )  # what lists are sorted by
    description = models.TextField(_("description"), blank=True)
    workflow_api_version = models.CharField(_("spec version"), max_length=10, blank=True)
    state = models.CharField(
        _("state"), max_length=20, choices=JourneyState, default=JourneyState.DRAFT
    )
    head = models.ForeignKey(Revision, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.moment, editable=False)
    changed_at = models.DateTimeField(_("last change"), default=clock.moment, editable=False)

    objects = JourneyQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "key"], name="journey_key_once_per_tenant")
        ]
        # Each way to narrow the list, in each order that it is shown in, so that any page is read
        # without sorting.
        indexes = [
            models.Index(
                fields=[*narrowed, sort, "id"], name="_".join(["journey", *narrowed, sort])[:30]
            )
            for narrowed in (
                [],
                ["tenant"],
                ["state"],
                ["tenant", "state"],
                ["owner"],
                ["tenant", "owner"],
            )
            for sort in ("changed_at", "sort_name")
        ] + [models.Index(fields=["key"], name="journey_key")]

    def __str__(self) -> str:
        return self.name or self.key

    def follow(self) -> None:
        """Brings its state in line with its review and its submissions. Inside the transaction that
        changed them."""
        self.state = follow(Journey.objects.filter(pk=self.pk))[self.pk]

    # Its key

    def seal_key(self) -> None:
        """Says that the key was made up here."""
        self.key_proposed, self.key_seal = True, seals.sealed("key", self._key_facts())

    @property
    def has_new_key(self) -> bool:
        """Whether its tenant cannot have the key, because it was made up here: by the composer
        itself."""
        return self.key_proposed and seals.fits(self.key_seal, "key", self._key_facts())

    def _key_facts(self) -> dict:
        return {"journey": self.pk, "tenant": self.tenant_id, "key": self.key}

    # Changing the draft

    def apply(
        self,
        operation: str,
        arguments: dict,
        *,
        based_on: int,
        author,
        told: dict | None = None,
        base: dict | None = None,
    ) -> Revision:
        """Carries out one operation on the newest document and appends the result.

        `based_on` is the number of the revision that the author was looking at. When other blocks
        changed since, the operation is done to the newest document; when these did,
        ChangedMeanwhile is raised. Raises GraphError and DocumentError with words for the user.
        Nothing is written when the operation changes nothing. `told` is kept with the row as what
        was asked for; bodies are not repeated there. `base` is the document that they were
        looking at, where that is no revision.
        """

        def make(newest: Revision) -> Made | None:
            after = done_to_newest(self.revisions, operation, arguments, based_on, newest, base)
            asked = dict(told or {})
            is_written = self.state in BEING_WRITTEN
            run = (
                same_run(self.revisions, newest, after, author, operation, asked)
                if is_written
                else {}
            )
            return self._changed(newest, after, operation, asked, based_on=based_on, **run)

        return self._change(make, author)

    def replace(
        self,
        document: dict,
        *,
        based_on: int,
        author,
        operation: str,
        told: dict | None = None,
        brought: Brought | None = None,
    ) -> Revision:
        """Makes `document` the draft (edit as text, import); others' changes to other blocks are
        kept."""

        def make(newest: Revision) -> Made | None:
            after = document
            if based_on != newest.number:
                arguments = {
                    "before": self.revisions.get(number=based_on).document(),
                    "after": document,
                }
                after = done_to_newest(self.revisions, "patch", arguments, based_on, newest)
            more = {"based_on": based_on, "brought": brought}
            return self._changed(newest, after, operation, told or {}, **more)

        return self._change(make, author)

    undo = taking_back.undo
    redo = taking_back.redo
    revert = taking_back.revert

    def restore(self, revision: Revision, author) -> Revision:
        """Appends an older document as the newest one."""

        def make(newest: Revision) -> Made | None:
            summary = _t("Restored revision %(number)s") % {"number": revision.number}
            arguments, brought = {"number": revision.number}, Brought(revision)
            more = {"summary": summary, "based_on": newest.number, "brought": brought}
            return self._changed(newest, revision.document(), "restore", arguments, **more)

        return self._change(make, author)

    def append(
        self, document: dict, *, author, operation: str, summary: str, brought=None, **more
    ) -> Revision:
        """Writes the next revision and moves the head to it: every document enters the database by
        `_append`.

        `brought`: whose words come back with it (see authorship).
        """
        before = self.head.stored() if self.head else {}
        return self._append(made_of(before, document, operation, summary, brought, **more), author)

    def _append(self, made: Made, author, *, of_whole: bool = True) -> Revision:
        """The one place where a document enters the database. `of_whole`: what it was made of was
        as it was written."""
        number, more, goes_on = (
            (self.head.number + 1 if self.head else 1),
            made.row,
            self.head is not None,
        )
        of_whole = of_whole and (self.head is None or self.head.is_whole())
        writers = writers_after(self, made.words, author, number, made.brought, of_whole=of_whole)
        if self.head:
            more = {"undo_top": number} | more
        revision = Revision(
            journey=self,
            number=number,
            packed=made.packed,
            size=len(made.body),
            sha256=doc.sha256(made.body),
            author=author,
            operation=made.operation,
            summary=made.summary,
            writers=writers,
            **more,
        )
        revision.sealed().save(force_insert=True)
        self._move_head(revision, made.document)
        if goes_on:
            memory.note_went_on(self, revision)
        remember(made.packed, made.body, made.document, revision.sha256)
        return revision

    # Review

    request_review = approving.request_review
    approval = approving.approval
    may_have_review = property(approving.may_have_review)
    why_approval_ended = approving.why_approval_ended
    require_no_blocking_problem = approving.require_no_blocking_problem

    # Accepted problems

    def accepted(self) -> tuple[checks.Accepted, ...]:
        if not self.__dict__.get("has_acceptances", True):  # as it was read (screens.opening)
            return ()
        rows = (row for row in self.acceptances.select_related("by") if row.is_sealed())
        return tuple(row.as_data() for row in memory.not_over(rows))

    accept = acceptance_rules.accept
    withdraw_acceptance = acceptance_rules.withdraw

    # Submission

    submit = submitting.submit
    why_not_submit = submitting.why_not_submit

    def audit(self, actor, action: str, **data) -> None:
        record(actor, action, journey=self, **data)

    # How it is done

    @contextmanager
    def _locked(self) -> Iterator[Revision]:
        """Gives the newest revision to one writer at a time: SQLite locks the file at once,
        PostgreSQL the row.

        The revision is read by a query of its own: one that had to wait for the lock does not see
        in its joins what the other writer added.
        """
        with transaction.atomic():
            row = Journey.objects.select_for_update().values_list("head_id", *FOLLOWED)
            head, self.state, self.key, self.key_proposed, self.key_seal = row.get(pk=self.pk)
            if head != self.head_id:
                self.head = Revision.objects.get(pk=head)
            newest = self.head
            try:
                yield newest
            except BaseException:
                self.head = newest  # what was appended is rolled back
                raise

    def _change(self, make: Callable[[Revision], Made | None], author) -> Revision:
        """Appends what `make` makes of the newest revision; None: nothing changes.

        It is made before the lock is taken, because everybody else waits while that is held (SQLite
        has one for all journeys), and again where somebody wrote meanwhile: the last time with the
        lock.
        """
        # whoever asks for the change looked at this one, also where it is not the newest
        of_whole = self.head.is_whole()
        for _time in range(MADE_AHEAD):
            known = self.head, self.state
            made = make(self.head)
            with self._locked() as newest:
                if known == (newest, self.state):
                    return self._append(made, author, of_whole=of_whole) if made else newest
        with self._locked() as newest:
            made = make(newest)
            return self._append(made, author, of_whole=of_whole) if made else newest

    def _changed(
        self, newest: Revision, after: dict, operation, arguments, summary="", brought=None, **more
    ):
        before = newest.stored()
        if doc.sha256(doc.dumps(after)) == sha256_of(bytes(newest.packed)):
            return None
        summary = summary or summarise(before, after, operation, arguments)
        return made_of(before, after, operation, summary, brought, arguments=arguments, **more)

    def _move_head(self, revision: Revision, document: dict) -> None:
        self.head = revision
        self.changed_at = revision.created_at
        is_renamed, was = document["key"] != self.key, (self.key, self.name, self.description)
        if is_renamed:
            self.key_proposed, self.key_seal = False, ""
        self.key = document["key"]
        self.name = document.get("name") or ""
        self.sort_name = sortable(self.name or self.key)
        self.description = document.get("description") or ""
        self.workflow_api_version = str(document.get("workflowApiVersion", ""))[:10]
        try:
            with transaction.atomic(
                savepoint=is_renamed
            ):  # no other row can be in the way of an old key
                self.save(update_fields=COPIED)
        except IntegrityError as error:
            raise KeyTaken(self.key) from error
        if revision.number == 1 or was != (self.key, self.name, self.description):
            note_words(self)
        if self.may_have_review:
            self.reviews.exclude(decision=Decision.SENT_BACK).end()
        if self.state not in BEING_WRITTEN:  # an edit leaves these as they are
            self.follow()
