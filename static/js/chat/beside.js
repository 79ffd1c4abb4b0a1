// What a page with a room loads once it is ready: nobody waits for it.
import { drawCards } from "#chat/cards";

export { followBell } from "#inbox/bell";

drawCards();
