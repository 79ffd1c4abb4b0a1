/** What the parts say that belong to every page, in one place. */
export const WORDS = {
  signOutTitle: "Sign out and discard unsent messages?",
  signOutText: (number) =>
    `${number.toLocaleString()} unsent ${number === 1 ? "message is" : "messages are"} kept in this browser. Signing out deletes ${number === 1 ? "it" : "them"}.`,
  signOut: "Discard and sign out",
  staySignedIn: "Stay signed in",
};
