from journeys.models.acceptance import Acceptance
from journeys.models.audit import AuditEntry
from journeys.models.authorship import Wording
from journeys.models.beat import Beat
from journeys.models.changing import ChangedMeanwhile
from journeys.models.countersignature import Countersignature, NeedsSecond
from journeys.models.house_rules import HouseRules
from journeys.models.journey import Journey, KeyTaken
from journeys.models.review import Review
from journeys.models.revision import Revision
from journeys.models.states import NotAllowed, WrongState
from journeys.models.submission import Attempt, Submission
from journeys.models.template import JourneyTemplate
from journeys.models.tenant import Tenant
from journeys.models.tenant_state import TenantState

__all__ = [
    "Acceptance",
    "Attempt",
    "AuditEntry",
    "Beat",
    "ChangedMeanwhile",
    "Countersignature",
    "HouseRules",
    "Journey",
    "JourneyTemplate",
    "KeyTaken",
    "NeedsSecond",
    "NotAllowed",
    "Review",
    "Revision",
    "Submission",
    "Tenant",
    "TenantState",
    "Wording",
    "WrongState",
]
