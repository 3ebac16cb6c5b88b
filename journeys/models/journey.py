"""A journey: what is asked for without opening its document, and the one way to change that document."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from journeys import blocks, checks
from journeys.blocks.carrying import carried_out
from journeys.models.acceptance import Acceptance
from journeys.models.audit import AuditEntry
from journeys.models.review import Review, ReviewState
from journeys.models.revision import Revision
from journeys.models.states import JourneyState, NotAllowed, WrongState
from journeys.models.submission import LONGEST, OPEN, Submission, SubmissionState, now
from journeys.models.tenant import Tenant
from journeys.spec import diff
from journeys.spec import document as doc
from journeys.spec.problem import Problem

# What follows the newest revision.
COPIED = ["head", "changed_at", "key", "key_proposed", "name", "description", "workflow_api_version", "state"]


QUICK = timedelta(minutes=1)  # between two edits of one run


class ChangedMeanwhile(Exception):
    """Somebody else changed the same blocks; nothing was written. `blocks` are (kind, key), the rest documents."""

    def __init__(self, blocks: set[tuple[str, str]], mine: dict, theirs: dict, newest: Revision) -> None:
        super().__init__("changed meanwhile")
        self.blocks, self.mine, self.theirs, self.newest = blocks, mine, theirs, newest


class KeyTaken(Exception):
    """The tenant already has a journey of this key here."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class JourneyQuerySet(models.QuerySet):
    def visible_to(self, user) -> "JourneyQuerySet":
        return self.filter(tenant__in=Tenant.objects.visible_to(user))

    def editable_by(self, user) -> "JourneyQuerySet":
        return self.visible_to(user) if user.has_perm("journeys.change_journey") else self.none()

    @transaction.atomic
    def start(self, document: dict, *, tenant, owner, operation: str, summary: str, key_proposed: bool = False):
        """A new journey with its first revision; raises KeyTaken and DocumentError, and then writes nothing."""
        doc.require_shape(document)
        if self.filter(tenant=tenant, key=document["key"]).exists():
            raise KeyTaken(document["key"])
        journey = self.model(tenant=tenant, owner=owner, key=document["key"], key_proposed=key_proposed)
        try:
            with transaction.atomic():
                journey.save(force_insert=True)
        except IntegrityError as error:
            raise KeyTaken(document["key"]) from error
        journey.append(document, author=owner, operation=operation, summary=summary)
        return journey


class Journey(models.Model):
    """`key`, `name`, `description` and `workflow_api_version` are copies out of the newest document (`head`)."""

    State = JourneyState

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="journeys", verbose_name=_("tenant"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="journeys"
    )
    key = models.CharField(_("key"), max_length=doc.MAX_KEY)
    # A key that was made up here is new to the tenant; any other has to be looked up before it is sent.
    key_proposed = models.BooleanField(default=False, editable=False)
    name = models.TextField(_("name"), blank=True)
    description = models.TextField(_("description"), blank=True)
    workflow_api_version = models.CharField(_("spec version"), max_length=10, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=JourneyState, default=JourneyState.DRAFT)
    head = models.ForeignKey(Revision, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(_("last change"), auto_now_add=True, db_index=True)

    objects = JourneyQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="journey_key_once_per_tenant")]

    def __str__(self) -> str:
        return self.name or self.key

    def set_state(self, state: str) -> None:
        Journey.objects.filter(pk=self.pk).update(state=state)
        self.state = state

    # Changing the draft

    def apply(self, operation: str, arguments: dict, *, based_on: int, author, told: dict | None = None) -> Revision:
        """Carries out one operation on the newest document and appends the result.

        `based_on` is the number of the revision that the author was looking at. When other blocks changed since, the
        operation is done to the newest document; when these did, ChangedMeanwhile is raised. Raises GraphError and
        DocumentError with words for the user. Nothing is written when the operation changes nothing. `told` is kept
        with the row as what was asked for; bodies are not repeated there.
        """
        with self._locked() as newest:
            theirs = newest.document()
            after = self._carried_out(operation, arguments, based_on, newest, theirs)
            run = self._run(newest, after, author, operation, told or {})
            return self._append_changed(theirs, after, author, operation, told or {}, based_on=based_on, **run)

    def replace(self, document: dict, *, based_on: int, author, operation: str, told: dict | None = None) -> Revision:
        """Makes `document` the draft (edit as text, import); others' changes to other blocks are kept."""
        base = self.revisions.get(number=based_on).document()
        with self._locked() as newest:
            theirs = newest.document()
            after = document
            if based_on != newest.number:
                arguments = {"before": base, "after": document}
                after = self._carried_out("patch", arguments, based_on, newest, theirs)
            return self._append_changed(theirs, after, author, operation, told or {}, based_on=based_on)

    def undo(self, author) -> Revision:
        """Takes back the newest change that is not taken back yet, whoever made it."""
        with self._locked() as newest:
            if newest.undo_top is None:
                raise WrongState(_t("There is nothing to undo."))
            return self._turn(newest, self.revisions.get(number=newest.undo_top), author, back=True)

    def redo(self, author) -> Revision:
        with self._locked() as newest:
            if newest.redo_top is None:
                raise WrongState(_t("There is nothing to redo."))
            return self._turn(newest, self.revisions.get(number=newest.redo_top), author, back=False)

    def restore(self, revision: Revision, author) -> Revision:
        """Appends an older document as the newest one."""
        with self._locked() as newest:
            summary = _t("Restored revision %(number)s") % {"number": revision.number}
            return self._append_changed(
                newest.document(),
                revision.document(),
                author,
                "restore",
                {"number": revision.number},
                summary=summary,
                based_on=newest.number,
            )

    def append(self, document: dict, *, author, operation: str, summary: str, **more) -> Revision:
        """Writes the next revision and moves the head to it: the one place where a document enters the database."""
        document, _made_by_the_server = doc.strip_server_assigned(document)
        doc.require_shape(document)
        body = doc.dumps(document)
        if len(body) > doc.MAX_BYTES:
            raise doc.DocumentError("The journey would be larger than 4 MB, more than the endpoint takes.")
        number = self.head.number + 1 if self.head else 1
        if self.head and operation not in ("undo", "redo"):
            more = {"undo_top": number, "undo_below": self.head.undo_top} | more
        revision = Revision.objects.create(
            journey=self,
            number=number,
            packed=zlib.compress(body, 1),
            size=len(body),
            sha256=doc.sha256(body),
            author=author,
            operation=operation,
            summary=summary,
            **more,
        )
        self._move_head(revision, document)
        return revision

    # Review

    @transaction.atomic
    def request_review(self, user) -> Review:
        with self._locked() as newest:
            if self.state not in (JourneyState.DRAFT, JourneyState.REFUSED):
                raise WrongState(
                    _t("Only a draft can be sent to review. This journey is: %s") % self.get_state_display()
                )
            reason = self.why_not_submit(without_review=True)
            if reason:  # nobody should review what cannot be sent
                raise WrongState(reason)
            self.require_no_blocking_problem(newest)
            review = Review.objects.create(
                journey=self, revision=newest, sha256=newest.sha256, tenant=self.tenant, asked_by=user
            )
            self.set_state(JourneyState.IN_REVIEW)
            self.audit(user, "review.requested", revision=newest.number, sha256=newest.sha256)
            return review

    def approval(self) -> Review | None:
        """The approval that covers the newest revision and the tenant, if there is one."""
        approvals = self.reviews.filter(state=ReviewState.APPROVED, tenant=self.tenant_id, sha256=self.head.sha256)
        return approvals.filter(revision=self.head).first()

    def require_no_blocking_problem(self, revision: Revision) -> None:
        document = revision.document()
        found = checks.check(document, self.tenant.rules())
        still_open, _settled = checks.sort_out(document, found, self.accepted())
        blocking = [problem for problem in still_open if problem.blocks]
        if blocking:
            more = _t(" (and %(count)s more)") % {"count": len(blocking) - 1} if len(blocking) > 1 else ""
            raise WrongState(
                _t("Something has to be put right first: %(text)s%(more)s")
                % {
                    "text": blocking[0].text,
                    "more": more,
                }
            )

    # Accepted problems

    def accepted(self) -> tuple[checks.Accepted, ...]:
        return tuple(row.as_data() for row in self.acceptances.select_related("by"))

    @transaction.atomic
    def accept(self, user, problem: Problem, document: dict, reason: str) -> Acceptance:
        """Lets a problem of the document stand, until what stands at its place changes."""
        _require_right(user)
        if not reason.strip():
            raise WrongState(_t("Say why the problem can be accepted."))
        row = Acceptance.of(self, problem, document, user, reason.strip())
        row.save()
        told = {"problem": problem.id, "severity": problem.severity, "place": str(problem.place)[:200]}
        self.audit(user, "problem.accepted", **told, reason=row.reason)
        return row

    @transaction.atomic
    def withdraw_acceptance(self, user, row: Acceptance) -> None:
        _require_right(user)
        told = {"problem": row.problem, "severity": row.severity, "place": str(row.place)[:200], "reason": row.reason}
        Acceptance.objects.filter(pk=row.pk).delete()
        self.audit(user, "problem.acceptance-withdrawn", **told)

    # Submission

    def submit(self, user, *, without_review: bool = False) -> Submission:
        """Writes the submission of the newest revision's bytes, in the same transaction as the check of its approval.

        Whoever calls this rings afterwards (`tasks.ring`).
        """
        with self._locked() as newest:
            self._require_submittable(user, without_review)
            self.require_no_blocking_problem(newest)
            approval = self.approval()
            body, moment = newest.body, now()
            same_key = Submission.objects.of_key(self.tenant_id, self.key)
            sent_before = same_key.filter(first_send_at__isnull=False).exists()
            submission = Submission.objects.create(
                journey=self,
                revision=newest,
                review=approval,
                tenant=self.tenant,
                key=self.key,
                payload=body,
                sha256=approval.sha256 if approval else doc.sha256(body),
                created_by=user,
                not_before=moment,
                deadline_at=moment + LONGEST,
                ask_first=not self.key_proposed or sent_before,
            )
            self.set_state(JourneyState.SUBMITTING)
            self.audit(
                user,
                "submission.created" if approval else "submission.created-without-review",
                submission=str(submission.pk),
                revision=newest.number,
                sha256=submission.sha256,
            )
            return submission

    def why_not_submit(self, without_review: bool = False) -> str:
        """Why the newest revision cannot be submitted as it is; "" when it can."""
        if self.submissions.filter(state__in=OPEN).exists():
            return _t("A submission of this journey is under way. Wait for its result, or cancel it.")
        same_key = Submission.objects.of_key(self.tenant_id, self.key)
        if same_key.undecided().exists():
            return _t(
                "An earlier submission of this key has not been settled: it may still create a journey, or have done "
                "so. Open it and let it go on, or give this journey another key."
            )
        if same_key.filter(state=SubmissionState.SUCCEEDED).exists():
            return _t(
                "A journey with this key was already created in Marketing Cloud, and sending it again would make a "
                "second version there. To send this one as a new journey, give it another key."
            )
        if self.tenant.review_required and not without_review and not self.approval():
            return _t("This revision is not approved yet. Ask for a review first.")
        return ""

    def _require_submittable(self, user, without_review: bool) -> None:
        if without_review and not (settings.DEMO or (user and user.has_perm("journeys.submit_unreviewed"))):
            raise NotAllowed(_t("Only an admin can submit without a review."))
        reason = self.why_not_submit(without_review)
        if reason:
            raise WrongState(reason)

    def audit(self, actor, action: str, **data) -> None:
        AuditEntry.objects.create(actor=actor, action=action, journey=self, tenant=self.tenant, data=data)

    # How it is done

    @contextmanager
    def _locked(self) -> Iterator[Revision]:
        """Gives the newest revision to one writer at a time: SQLite locks the file at once, PostgreSQL the row.

        The revision is read by a query of its own: one that had to wait for the lock does not see in its joins what
        the other writer added.
        """
        with transaction.atomic():
            fresh = Journey.objects.select_for_update().get(pk=self.pk)
            self.head, self.state = fresh.head, fresh.state
            self.key, self.key_proposed = fresh.key, fresh.key_proposed
            yield fresh.head

    def _carried_out(self, operation: str, arguments: dict, based_on: int, newest: Revision, theirs: dict) -> dict:
        if based_on == newest.number:
            return carried_out(operation, theirs, arguments)
        base = self.revisions.get(number=based_on).document()
        mine = carried_out(operation, base, arguments)
        known = diff.changed_blocks({}, base)
        clash = diff.overlap(base, mine, theirs) & known
        if clash:
            raise ChangedMeanwhile(clash, mine, theirs, newest)
        try:
            # An edited block carries its links along, which others may have changed.
            if operation == "edit block":
                return diff.patch(base, mine, theirs)
            return carried_out(operation, theirs, arguments)
        except diff.Conflict as error:  # each change makes sense alone, both together do not
            raise ChangedMeanwhile(error.blocks, mine, theirs, newest) from error

    def _append_changed(self, before, after, author, operation, arguments, summary="", **more) -> Revision:
        if doc.dumps(before) == doc.dumps(after):
            return self.head
        summary = summary or summarise(before, after)
        return self.append(after, author=author, operation=operation, summary=summary, arguments=arguments, **more)

    def _run(self, newest: Revision, after: dict, author, operation: str, told: dict) -> dict:
        """What makes this edit one step of Undo with those before it: quick edits of one field by one person.

        `told` names the visit to the field (`run`) and its place (`field`); `begun` is the first revision of the run.
        """
        named, was = [told.get(name) for name in ("run", "field", "kind", "key")], newest.arguments
        goes_on = all(named[:2]) and named == [was.get(name) for name in ("run", "field", "kind", "key")]
        is_own = newest.author_id == getattr(author, "pk", None) and newest.operation == operation
        is_top = newest.undo_top == newest.number and self.state == JourneyState.DRAFT
        if not (goes_on and is_own and is_top) or now() - newest.created_at > QUICK:
            return {}
        begun = was.get("begun", newest.number)
        source = self.revisions.get(number=begun - 1).document()
        if doc.dumps(source) == doc.dumps(after):
            return {}
        told["begun"] = begun
        return {"undo_below": newest.undo_below, "summary": summarise(source, after)}

    def _turn(self, newest: Revision, target: Revision, author, *, back: bool) -> Revision:
        """Undo and redo: the change that `target` made, backwards or forwards, done to the newest document."""
        source = self.revisions.get(number=target.arguments.get("begun", target.number) - 1).document()
        result = target.document()
        before, after = (result, source) if back else (source, result)
        theirs = newest.document()
        try:
            document = diff.patch(before, after, theirs)
        except diff.Conflict as error:
            raise ChangedMeanwhile(error.blocks, after, theirs, newest) from error
        word = _t("Undid: %s") if back else _t("Redid: %s")
        if back:
            links = {"undoes": target.number, "undo_top": target.undo_below, "redo_top": target.number}
        else:
            undone = self.revisions.rows().filter(undoes=target.number).first()
            before_undo = self.revisions.rows().get(number=undone.number - 1)
            links = {"redoes": target.number, "undo_top": target.number, "redo_top": before_undo.redo_top}
        return self.append(
            document,
            author=author,
            operation="undo" if back else "redo",
            summary=word % target.summary,
            based_on=newest.number,
            **links,
        )

    def _move_head(self, revision: Revision, document: dict) -> None:
        self.head = revision
        self.changed_at = revision.created_at
        if document["key"] != self.key:
            self.key_proposed = False
        self.key = document["key"]
        self.name = document.get("name") or ""
        self.description = document.get("description") or ""
        self.workflow_api_version = str(document.get("workflowApiVersion", ""))[:10]
        self.state = JourneyState.DRAFT
        try:
            with transaction.atomic():
                self.save(update_fields=COPIED)
        except IntegrityError as error:
            raise KeyTaken(self.key) from error
        self.reviews.filter(state__in=[ReviewState.REQUESTED, ReviewState.APPROVED]).update(state=ReviewState.OUTDATED)


def _require_right(user) -> None:
    if not user.has_perm("journeys.accept_problem"):
        raise NotAllowed(_t("Only a reviewer or an admin can accept problems."))


def summarise(before: dict, after: dict) -> str:
    """What changed, in words, for the history and for Undo."""
    return diff.headline(diff.compare(before, after), sentences=blocks.sentences(before, after))
