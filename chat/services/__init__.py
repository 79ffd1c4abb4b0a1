"""Everything that people do in chat. Consumers, views and admin call these verbs and no others."""

from chat.services.messages import (
    Outcome,
    Post,
    delete_message,
    edit_message,
    mark_read,
    post_message,
    post_messages,
)
from chat.services.rooms import create_room, join_room, leave_room, remove_member, welcome

__all__ = [
    "Outcome",
    "Post",
    "create_room",
    "delete_message",
    "edit_message",
    "join_room",
    "leave_room",
    "mark_read",
    "post_message",
    "post_messages",
    "remove_member",
    "welcome",
]
