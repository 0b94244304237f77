"""Webhooks: made, listed, and delivered again."""

from ..call import Answer, Call, operation
from ..world import Hook, Refusal, Repository, World, invalid, stamp


def add_hook(world: World, repository: Repository, config: dict, events: list[str], active: bool = True) -> Hook:
    if not str(config.get("url", "")).startswith(("http://", "https://")):
        raise invalid("Hook", "url", "missing_field")
    hook = Hook(world.next_id(), config, events, active, world.clock.now())
    repository.hooks[hook.id] = hook
    return hook


def _shape(call: Call, hook: Hook) -> dict:
    config = {**hook.config}
    if "secret" in config:
        config["secret"] = "********"
    url = f"{call.show.url}/hooks/{hook.id}"
    return {
        "id": hook.id,
        "type": "Repository",
        "name": "web",
        "active": hook.active,
        "events": hook.events,
        "config": config,
        "created_at": stamp(hook.created),
        "updated_at": stamp(hook.created),
        "url": url,
        "ping_url": f"{url}/pings",
        "test_url": f"{url}/test",
        "deliveries_url": f"{url}/deliveries",
        "last_response": {"code": None, "status": "unused", "message": None},
    }


@operation("repos/list-webhooks")
def listing(call: Call) -> Answer:
    return call.page([_shape(call, one) for one in call.repository.hooks.values()])


@operation("repos/create-webhook")
def create(call: Call) -> Answer:
    given = call.body or {}
    hook = add_hook(
        call.world,
        call.repository,
        given.get("config") or {},
        given.get("events") or ["push"],
        given.get("active", True),
    )
    return Answer(201, _shape(call, hook))


def _hook(call: Call) -> Hook:
    hook = call.repository.hooks.get(call.number("hook_id"))
    if hook is None:
        raise Refusal(404, "Not Found")
    return hook


@operation("repos/list-webhook-deliveries")
def deliveries(call: Call) -> Answer:
    found = [one for one in reversed(_hook(call).deliveries)]
    if (status := call.query.get("status")) in ("success", "failure"):
        found = [one for one in found if (200 <= one["status_code"] < 400) == (status == "success")]
    if cursor := call.query.get("cursor"):
        found = [one for one in found if one["id"] < int(cursor)]
    size = min(int(call.query.get("per_page", 30)), 100)
    shapes = [{name: value for name, value in one.items() if name != "payload"} for one in found[:size]]
    more = (
        f'<{call.world.base}{call.path}?per_page={size}&cursor={shapes[-1]["id"]}>; rel="next"'
        if len(found) > size
        else ""
    )
    return Answer(200, shapes, {"Link": more} if more else {})


@operation("repos/redeliver-webhook-delivery")
def redeliver(call: Call) -> Answer:
    hook = _hook(call)
    for one in hook.deliveries:
        if one["id"] == call.number("delivery_id"):
            call.world.redeliver(call.repository, hook, one)
            return Answer(202, {})
    raise Refusal(404, "Not Found")
