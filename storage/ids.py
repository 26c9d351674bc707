"""What identifies a row of each kind."""

from typing import NewType

FeedId = NewType("FeedId", str)  # as in feeds.yaml
ArticleId = NewType("ArticleId", int)
StoryId = NewType("StoryId", int)  # that of its first article; a dossier's, that of its first story
ChatKey = NewType("ChatKey", int)  # our own key: a migration of the Telegram chat changes one column
DeliveryId = NewType("DeliveryId", int)
