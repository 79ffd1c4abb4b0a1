import { Banner } from "#live/banner";
import { Link } from "#live/link";
import { LiveSocket } from "#live/socket";
import { Status } from "#live/status";

const RELOADED = "live.reloaded";
const SPREAD = 5_000;

/**
 * Opens the page's one connection, keeps it, and shows how it is. `changed(phase)` hears of every new phase,
 * `built(build)` of the build of the server's pages.
 */
export function keepConnected({ topics, io, person, epoch, place, changed, built }) {
  const reconnect = () => socket.start();
  const banner = new Banner(place, {
    status: new Status(),
    clock: io.now,
    offers: { reconnect, reload: () => location.reload() },
  });
  const hooks = {
    phase: changes(
      () => socket.phase,
      (phase) => {
        banner.phase(phase, socket.reason);
        changed(phase);
      },
    ),
    hello: (data) => {
      built(data.build);
      return isSame(data, person, epoch) || renew(data.epoch === epoch ? 0 : SPREAD);
    },
    reload: reloadOnce,
    signIn: () => location.assign(`/accounts/login/?next=${encodeURIComponent(location.pathname)}`),
  };
  const socket = new LiveSocket({ link: new Link(Math.random), topics, epoch, hooks, io });
  listen(socket);
  return socket;
}

function listen(socket) {
  window.addEventListener("online", () => socket.online());
  window.addEventListener("offline", () => socket.offline());
  document.addEventListener(
    "visibilitychange",
    () => document.visibilityState === "visible" && socket.visible(),
  );
  // A page that comes back from the browser's cache has a socket that died in it.
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
}

function changes(read, tell) {
  let last;
  return () => {
    const now = read();
    if (now !== last) tell(now);
    last = now;
  };
}

// Another person has signed in here, or the installation was restored: nothing on this page may go on as it is.
function isSame(data, person, epoch) {
  return data.person === person && data.epoch === epoch;
}

function renew(spread) {
  setTimeout(() => location.reload(), Math.random() * spread);
  return false;
}

function reloadOnce() {
  if (sessionStorage.getItem(RELOADED) === location.href) return;
  sessionStorage.setItem(RELOADED, location.href);
  location.reload();
}
