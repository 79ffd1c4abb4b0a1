/** What a role allows in a room; the server decides, this only offers no more than it would grant. */

/** Rename it, say what it is for, archive it. */
export function mayManage(role) {
  return role === "owner" || role === "moderator";
}

/** Say who owns and moderates it. */
export function mayAppoint(role) {
  return role === "owner";
}

/** Put `other` out of it; nobody removes themselves, they leave. */
export function mayRemove({ role, id }, other) {
  if (id === other.id) return false;
  return role === "owner" || (role === "moderator" && other.role === "member");
}
