import { gettext, ngettext } from "#lib/gettext";

/** What the dialogs about rooms and people say. */
export const WORDS = {
  close: gettext("Close"),
  cancel: gettext("Cancel"),
  save: gettext("Save"),
  saved: gettext("Saved"),
  you: gettext("you"),

  findMember: gettext("Find a member"),
  nobodyFound: gettext("Nobody here has that name."),
  moreMembers: (number) =>
    ngettext(
      "and %(number)s more: search for a name",
      "and %(number)s more: search for a name",
      number,
    ),
  roles: {
    owner: gettext("Owner"),
    moderator: gettext("Moderator"),
    member: gettext("Member"),
  },
  roleOf: (name) => gettext("Role of %(name)s", { name }),
  roleIs: (name, role) => gettext("%(name)s: %(role)s", { name, role }),
  remove: gettext("Remove"),
  removeWhom: (name) => gettext("Remove %(name)s", { name }),
  removeTitle: (name, room) => gettext("Remove %(name)s from %(room)s?", { name, room }),
  removeText: gettext("They stop getting its messages at once. What they said stays."),
  removed: (name) => gettext("%(name)s was removed.", { name }),
  keep: gettext("Keep them"),

  add: gettext("Add people"),
  addTo: (room) => gettext("Add people to %(room)s", { room }),
  addPrivate: gettext("Only the people in it can see this private room."),
  addWhom: gettext("Name or username"),
  chosen: gettext("People to add"),
  takeBack: (name) => gettext("Do not add %(name)s", { name }),
  nobodyToAdd: gettext("Everybody with that name is in the room already, or has no account."),
  nobodyLeft: gettext("Nobody is left whom you could add."),
  addThem: (number) => ngettext("Add %(number)s person", "Add %(number)s people", number),
  added: (number) =>
    ngettext("%(number)s person was added.", "%(number)s people were added.", number),

  profile: gettext("Profile"),
  localTime: (time) => gettext("%(time)s their time", { time }),
  sinceDay: (day) => gettext("Here since %(day)s", { day }),
  inCommon: gettext("Rooms in common"),
  noneInCommon: gettext("You are in no room together any more."),

  details: gettext("Room details"),
  name: gettext("Name"),
  topic: gettext("Topic"),
  topicHint: gettext("What this room is for, in one line."),
  history: gettext("Newcomers see what was said before"),
  historyHint: gettext("Without it they read from the moment of joining on."),
  archive: gettext("Archive room"),
  archiveText: gettext(
    "An archived room can be read but not written in, and leaves everybody’s list.",
  ),
  archiveTitle: (room) => gettext("Archive %(room)s?", { room }),
  reopen: gettext("Open again"),
  reopenText: gettext("This room is archived. Opened again, it can be written in as before."),

  madeFavourite: (room) => gettext("%(room)s is among your favourites.", { room }),
  noFavourite: (room) => gettext("%(room)s is no longer among your favourites.", { room }),
  placed: (room, place, of) => gettext("%(room)s: place %(place)s of %(of)s", { room, place, of }),
  allRead: gettext("Everything is marked as read."),
};

/** What is asked of somebody who leaves a room. */
export function leaving(room) {
  return {
    title: gettext("Leave %(room)s?", { room }),
    text: gettext(
      "You stop getting its messages. You can join a public room again at any time; a private one only by invitation.",
    ),
    agree: gettext("Leave room"),
    decline: gettext("Stay"),
  };
}

/** What is asked of somebody who deletes a message. */
export const DELETING = {
  title: gettext("Delete this message?"),
  text: gettext("It disappears for everybody, and cannot be brought back."),
  agree: gettext("Delete"),
  decline: gettext("Keep it"),
};

/** What the dialogs of the whole page say. */
export const PAGE = {
  switcher: gettext("Jump to a room"),
  switcherHint: gettext("Type the name of a room"),
  nothingFound: gettext("No room has that name."),
  help: gettext("Keyboard shortcuts"),
  letters: gettext("Single letters are shortcuts, in this browser"),
};
