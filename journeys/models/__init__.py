from journeys.lifecycle.journey_state import NotAllowed, Tampered, WrongState
from journeys.models.acceptance import Acceptance
from journeys.models.attempt import Attempt
from journeys.models.audit import AuditEntry
from journeys.models.authorship import Wording
from journeys.models.countersignature import Countersignature, NeedsSecond
from journeys.models.group_rules import GroupRules
from journeys.models.heartbeat import Heartbeat
from journeys.models.house_rules import HouseRules
from journeys.models.journey import Journey, KeyTaken
from journeys.models.merging import ChangedMeanwhile
from journeys.models.review import Review
from journeys.models.revision import Revision
from journeys.models.search import Word
from journeys.models.submission import Submission
from journeys.models.tally import Tally
from journeys.models.template import JourneyTemplate
from journeys.models.tenant import Tenant
from journeys.models.tenant_status import TenantStatus
from journeys.models.use import Running, Use

__all__ = [
    "Acceptance",
    "Attempt",
    "AuditEntry",
    "Heartbeat",
    "ChangedMeanwhile",
    "Countersignature",
    "GroupRules",
    "HouseRules",
    "Journey",
    "JourneyTemplate",
    "KeyTaken",
    "NeedsSecond",
    "NotAllowed",
    "Review",
    "Revision",
    "Running",
    "Submission",
    "Tally",
    "Tampered",
    "Tenant",
    "TenantStatus",
    "Wording",
    "Use",
    "Word",
    "WrongState",
]
