"""How much one may ask for: the hourly count, and the secondary limit on what creates content."""

from collections import defaultdict, deque

from .call import Answer, Call, operation
from .world import Refusal

HOUR, MINUTE = 3600, 60
SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
# Writes that create no content.
NO_CONTENT = {"apps/create-installation-access-token", "actions/cancel-workflow-run"}


class Limits:
    def __init__(self):
        self.per_hour = 5000
        self.content_per_minute = 80
        self.content_per_hour = 500
        self.secondary_status = 403
        self.retry_after: int | None = 60
        self._windows: dict[str, list] = {}  # key: when it ends, how much is used
        self._content: dict[str, deque] = defaultdict(deque)

    def _window(self, key: str, now: float) -> list:
        window = self._windows.get(key)
        if window is None or window[0] <= now:
            window = self._windows[key] = [int(now) + HOUR, 0]
        return window

    def charge(self, key: str, now: float) -> None:
        window = self._window(key, now)
        if window[1] >= self.per_hour:
            raise Refusal(403, f"API rate limit exceeded for {key}.")
        window[1] += 1

    def refund(self, key: str, now: float) -> None:
        self._window(key, now)[1] -= 1

    def exhaust(self, key: str, now: float, reset: int) -> None:
        """Uses all of it up until so many seconds from now."""
        self._windows[key] = [int(now) + reset, self.per_hour]

    def create(self, key: str, now: float) -> None:
        """Counts a request that creates content."""
        moments = self._content[key]
        while moments and moments[0] <= now - HOUR:
            moments.popleft()
        recent = sum(moment > now - MINUTE for moment in moments)
        if recent >= self.content_per_minute or len(moments) >= self.content_per_hour:
            raise secondary(self.secondary_status, self.retry_after)
        moments.append(now)

    def headers(self, key: str, now: float) -> dict[str, str]:
        ends, used = self._window(key, now)
        numbers = {"limit": self.per_hour, "remaining": max(0, self.per_hour - used), "used": used, "reset": ends}
        return {f"X-RateLimit-{name.capitalize()}": str(value) for name, value in numbers.items()} | {
            "X-RateLimit-Resource": "core"
        }

    def overview(self, key: str, now: float) -> dict:
        ends, used = self._window(key, now)
        core = {"limit": self.per_hour, "remaining": max(0, self.per_hour - used), "reset": ends, "used": used}
        return {"resources": {"core": core}}


def secondary(status: int, retry_after: int | None) -> Refusal:
    return Refusal(status, SECONDARY, headers={} if retry_after is None else {"Retry-After": str(retry_after)})


@operation("rate-limit/get")
def overview(call: Call) -> Answer:
    return Answer(200, call.world.limits.overview(call.actor.key, call.world.clock.now()))
