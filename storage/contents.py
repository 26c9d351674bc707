"""What each column holds beyond its type."""

from collections.abc import Mapping
from datetime import time
from typing import Any, Literal

from matchers.lists.model import ListEventKind, ListSpec
from matchers.model import ActRole, DeadlineKind, Level
from matchers.stories.grouping import Numbers, Topic
from storage.acts.model import DeadlineState
from storage.articles.model import Rung, TriageState
from storage.changes.model import BriefChoice
from storage.chats.model import (
    ChatKind,
    ChatState,
    DeliveryState,
    DigestPart,
    Holidays,
    Lane,
    Loudness,
)
from storage.feeds.model import FeedKind, Health, TextPolicy
from storage.holding import Holds, days, numbers, packed, read_by, words, written, zones
from storage.lists.codec import known_read, row_read
from storage.operators.model import NoticeKind, PageSort, Stratum
from storage.shapes import KeptEdition, KeptMessage, MatchDetail
from storage.stories.model import OverrideKind, SayingKind

HOLDS: Mapping[tuple[str, str], Holds] = {
    ("feed", "reading"): words(TextPolicy),
    ("feed", "health"): words(Health),
    ("feed", "kind"): words(FeedKind),
    ("feed", "listing"): written(ListSpec | None),
    ("notice", "kind"): words(NoticeKind),
    ("journal_page", "sort"): words(PageSort),
    ("article", "flags"): written(list[str]),
    ("article", "links"): written(list[tuple[str, str, str]] | None),
    ("article_match", "level"): words(Level),
    ("article_match", "detail"): written(MatchDetail),
    ("chat", "kind"): words(ChatKind),
    ("chat", "language"): words(Literal["fr", "en"]),
    ("chat", "timezone"): zones(),
    ("chat", "digest_at"): numbers(0, 1439),
    ("chat", "state"): words(ChatState),
    ("chat", "holidays"): words(Holidays),
    ("chat", "quiet_from"): numbers(0, 1440),
    ("chat", "quiet_to"): numbers(0, 1440),
    ("chat", "quiet_flash"): words(Loudness),
    ("subscription", "level"): words(Level),
    ("delivery", "lane"): words(Lane),
    ("delivery", "body"): written(KeptMessage | None),
    ("delivery", "state"): words(DeliveryState),
    ("digest_cursor", "lane"): words(Lane),
    ("digest_slot", "lane"): words(Lane),
    ("digest", "lines"): written(list[tuple[int, str, DigestPart]]),
    ("act", "decided"): days(),
    ("act", "published"): days(),
    ("act_article", "role"): words(ActRole),
    ("deadline", "kind"): words(DeadlineKind),
    ("deadline", "day"): days(),
    ("deadline", "time"): read_by(time.fromisoformat),
    ("deadline", "state"): words(DeadlineState),
    ("deadline", "old_day"): days(),
    ("grouped", "sketch"): packed(8),
    ("grouped", "topic"): written(Topic),
    ("decision", "level"): words(Rung),
    ("decision", "numbers"): written(Numbers),
    ("override", "kind"): words(OverrideKind),
    ("override", "moved"): written(list[tuple[int, int]]),
    ("triage", "state"): words(TriageState),
    ("announcement", "kind"): words(SayingKind),
    ("brief_choice", "choice"): words(BriefChoice),
    ("sheet_version", "content"): written(dict[str, Any]),
    ("list_state", "known"): read_by(known_read),
    ("list_event", "kind"): words(ListEventKind),
    ("list_event", "listed"): read_by(row_read),
    ("live_sheet", "content"): written(dict[str, Any]),
    ("sampled_title", "stratum"): words(Stratum),
    ("wave", "watchlists"): written(list[str]),
    ("wave", "before"): written(KeptEdition),
}
