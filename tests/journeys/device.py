"""A browser that pushes are brought to, as its maker's push service would."""

import json
import time
from typing import Any

from playwright.sync_api import CDPSession, Page, Worker, expect

from tests.journeys.stage import Stage, run
from tests.servers.push_service import Browser as Subscriber
from tests.servers.push_service import Pushed, PushService

SETTINGS = "/settings/notifications/"
SECONDS = 40

# Counts what the service worker has done with. Chromium has to be asked for what stands on the
# screen afterwards: what it is asked for while it puts something there, it may forget.
COUNTS = """
() => {
  if (self.handled === undefined) {
    const receive = self.receive;
    self.handled = 0;
    self.receive = async (payload) => {
      try {
        return await receive(payload);
      } finally {
        self.handled += 1;
      }
    };
  }
  return self.handled;
}
"""
HANDLES = """
async ([before, patience]) => {
  const until = Date.now() + patience;
  while (self.handled === before && Date.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return self.handled;
}
"""

CLICKS = """
async () => {
  const [notification] = (await self.registration.getNotifications()).slice(-1);
  const open = self.open;
  let opened = "";
  self.clients.openWindow = async (href) => {
    opened = href;
  };
  const opening = new Promise((resolve) => {
    self.open = (path) => {
      resolve(open(path));
    };
  });
  self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
  await opening;
  self.open = open;
  return opened;
}
"""

# What Chromium's own push service would answer; it cannot be reached from here.
SUBSCRIBES = """
PushManager.prototype.getSubscription = async () => {
  const kept = localStorage.getItem("subscribed");
  return kept && {
    ...JSON.parse(kept), options: {}, toJSON: () => JSON.parse(kept),
    unsubscribe: async () => { localStorage.removeItem("subscribed"); return true; },
  };
};
PushManager.prototype.subscribe = async function ({ userVisibleOnly, applicationServerKey }) {
  if (!userVisibleOnly || !applicationServerKey) throw new Error("not as it has to be");
  localStorage.setItem("subscribed", %s);
  return this.getSubscription();
};
"""


class Device:
    """A browser of somebody's that pushes are brought to."""

    def __init__(self, stage: Stage, service: PushService, person: str, **options: Any) -> None:
        self.stage, self.service = stage, service
        script = "from notifications.push.identity import public_key\nimport json\n"
        key = run(stage.troupe.installation, script + "print(json.dumps(public_key()))")
        self.subscriber: Subscriber = service.subscribe(key)
        self.page: Page = stage.visit(person, **options).page
        self.context = self.page.context
        self.context.grant_permissions(["notifications"], origin=self.url)
        said = json.dumps(json.dumps(self.subscriber.subscription))
        self.context.add_init_script(SUBSCRIBES % said)
        self.brought = 0

    @property
    def url(self) -> str:
        return self.stage.visitors.base_url

    @property
    def worker(self) -> Worker:
        if not self.context.service_workers:
            self.context.wait_for_event("serviceworker", timeout=SECONDS * 1000)
        [worker] = self.context.service_workers
        return worker

    def turn_on(self) -> None:
        self.page.goto(SETTINGS)
        self.page.get_by_role("button", name="Turn on in this browser").click()
        expect(self.page.get_by_text("It is on in this browser.")).to_be_visible()

    def bring(self, *, closing: bool = False) -> Pushed:
        """Let Chromium have what comes, as its push service would, up to the next message that
        shows something; or that takes it away. What the same person reads on another page, as of
        the journey before, takes pushes back on all of their devices."""
        while True:
            pushed = self.service.wait_for(self.subscriber, self.brought + 1)[self.brought]
            self.brought += 1
            self.deliver(json.dumps(pushed.payload))
            if pushed.payload.get("close", False) is closing:
                return pushed

    def deliver(self, data: str) -> None:
        """Let the service worker have a message, and wait until it has done with it."""
        before = self.worker.evaluate(COUNTS)
        helper = self.context.new_page()
        devtools = self.context.new_cdp_session(helper)
        number = registration(helper, devtools)
        told = {"origin": self.url, "registrationId": number, "data": data}
        devtools.send("ServiceWorker.deliverPushMessage", told)
        assert self.worker.evaluate(HANDLES, [before, SECONDS * 1000]) == before + 1
        helper.close()

    def shown(self, count: int) -> list[dict[str, str]]:
        """What stands on the screen, once it is so many."""
        found: list[dict[str, str]] = self.worker.evaluate(
            """async ([count, patience]) => {
              const until = Date.now() + patience;
              for (;;) {
                const shown = await self.registration.getNotifications();
                if (shown.length === count || Date.now() > until)
                  return shown.map(({ title, body, tag, data }) =>
                    ({ title, body, tag, url: data.url }));
                await new Promise((resolve) => setTimeout(resolve, 50));
              }
            }""",
            [count, SECONDS * 1000],
        )
        assert len(found) == count, found
        return found

    def click(self) -> str:
        """Click the notification on the screen, and wait until that is done with. Chromium lets
        nobody but a finger open windows, so that the window which is wanted is noted, and opened
        here."""
        self.shown(1)
        opened: str = self.worker.evaluate(CLICKS)
        return opened


def registration(page: Page, devtools: CDPSession) -> str:
    """The number of the service worker's registration, which only the developer tools tell."""
    found: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(one["registrationId"] for one in event["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    until = time.monotonic() + SECONDS
    while not found and time.monotonic() < until:
        page.evaluate("new Promise(requestAnimationFrame)")
    return found[0]
