/** What the live connection says to people, in one place. */
export const WORDS = {
  reconnecting: "Reconnecting…",
  offline: "Offline. Messages will be sent later.",
  back: "Back online",
  deactivated: "Your account has been deactivated. Ask an administrator if that is a mistake.",
  refused: "This page was disconnected because it asked for too much.",
  outdated: "This page and the server no longer understand each other.",
  ended: "The server ended this connection.",
  reload: "Reload",
  reconnect: "Connect again",
};
