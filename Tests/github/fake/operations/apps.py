"""Apps, their installations, and the tokens they mint."""

from ..call import Answer, Call, operation
from ..world import Refusal, stamp

TOKEN_SECONDS = 3600


@operation("apps/get-authenticated")
def app(call: Call) -> Answer:
    return Answer(200, call.show.app(call.actor.app))


@operation("apps/list-installations")
def installations(call: Call) -> Answer:
    return call.page([call.show.installation(call.actor.app)])


@operation("apps/get-repo-installation")
def installation(call: Call) -> Answer:
    return Answer(200, call.show.installation(call.actor.app))


@operation("apps/create-installation-access-token")
def mint(call: Call) -> Answer:
    app = call.actor.app
    if call.number("installation_id") != app.installation:
        raise Refusal(404, "Not Found")
    names = call.given("repositories")
    known = {one.name.lower(): one for one in call.world.repositories.values()}
    wanted = call.given("permissions") or app.permissions
    for name, level in wanted.items():
        held = app.permissions.get(name, "read" if name == "metadata" else None)
        if held is None or (level == "write" and held == "read"):
            raise Refusal(422, "The permissions requested are not granted to this installation.")
    if names and any(name.lower() not in known for name in names):
        raise Refusal(
            422, "There is at least one repository that does not exist or is not accessible to the parent installation."
        )
    chosen = [known[name.lower()] for name in names] if names else None
    ids = call.given("repository_ids")
    if ids:
        chosen = [one for one in call.world.repositories.values() if one.id in ids]
    expires = call.world.clock.now() + TOKEN_SECONDS
    scope = [one.full_name.lower() for one in chosen] if chosen is not None else None
    text = call.world.add_token(
        "installation", app.user, app=app, permissions=wanted, repositories=scope, expires=expires
    )
    shape = {"token": text, "expires_at": stamp(expires), "permissions": wanted}
    return Answer(201, {**shape, "repository_selection": "all" if scope is None else "selected"})
