/** Signing out takes with it what this browser keeps for the person, and asks first if something was not sent. */
export function guardSignOut() {
  for (const form of document.querySelectorAll("form.sign-out-form")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const { leave } = await import("#lib/leaving");
      leave(form);
    });
  }
}
