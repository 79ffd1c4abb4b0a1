"""Everything that people do in chat. Consumers, views and admin call these verbs and no others."""

from chat.services.importing import Imported, import_messages
from chat.services.members import (
    add_members,
    invite,
    join_room,
    leave_room,
    remove_member,
    set_role,
    tell_appearance,
    welcome,
)
from chat.services.messages import (
    Outcome,
    Post,
    change_card,
    delete_message,
    edit_message,
    mark_read,
    post_message,
    post_messages,
)
from chat.services.rail import (
    mark_all_read,
    mute_room,
    order_rooms,
    set_favourite,
    set_notify,
)
from chat.services.rooms import archive_room, create_room, update_room

__all__ = [
    "Imported",
    "Outcome",
    "Post",
    "add_members",
    "archive_room",
    "change_card",
    "create_room",
    "delete_message",
    "edit_message",
    "import_messages",
    "invite",
    "join_room",
    "leave_room",
    "mark_all_read",
    "mark_read",
    "mute_room",
    "order_rooms",
    "post_message",
    "post_messages",
    "remove_member",
    "set_favourite",
    "set_notify",
    "set_role",
    "tell_appearance",
    "update_room",
    "welcome",
]
