/** Shows how much is unread where the page is not seen: in its title, its icon, and the icon of an installed page. */
export function showBadge(unread) {
  const icon = document.querySelector("link[rel=icon]");
  if (icon) showIcon(icon, unread > 0);
  // Absent where the page cannot be installed. A browser that refuses shows no badge, and that is all.
  const told = unread > 0 ? navigator.setAppBadge?.(unread) : navigator.clearAppBadge?.();
  told?.catch(() => {});
  // The chat counts messages in its title.
  if (!document.querySelector("chat-timeline")) document.title = titled(document.title, unread);
}

/** A title with the count before it, whichever stood there. */
export function titled(title, unread) {
  const plain = title.replace(/^\(\d+\) /, "");
  return unread > 0 ? `(${unread}) ${plain}` : plain;
}

function showIcon(icon, isUnread) {
  icon.dataset.plain ??= icon.getAttribute("href");
  icon.href = isUnread ? icon.dataset.unread : icon.dataset.plain;
}
