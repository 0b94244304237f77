"""One request to one operation, its answer, and the list of who answers what."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from .shapes import Shapes
from .world import Issue, Refusal, Repository, Token, World

MOST_PER_PAGE, PER_PAGE = 100, 30


@dataclass
class Answer:
    status: int = 200
    value: object = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Call:
    world: World
    repository: Repository | None
    actor: Token
    parameters: dict[str, str]
    query: dict[str, str]
    body: object
    path: str
    stale: int = 0

    @property
    def show(self) -> Shapes:
        return Shapes(self.world, self.repository, self.stale)

    def given(self, name: str, default=None):
        """A field of the body."""
        return self.body.get(name, default) if isinstance(self.body, dict) else default

    def number(self, name: str) -> int:
        try:
            return int(self.parameters[name])
        except ValueError:
            raise Refusal(404, "Not Found") from None

    @property
    def issue(self) -> Issue:
        found = self.repository.issues.get(self.number("issue_number"))
        if found is None:
            raise Refusal(404, "Not Found")
        return found

    @property
    def pull(self) -> Issue:
        found = self.repository.issues.get(self.number("pull_number"))
        if found is None or found.pull is None:
            raise Refusal(404, "Not Found")
        return found

    def commit(self, name: str) -> str:
        """The commit that a branch, a tag or an id names."""
        git = self.repository.git
        for full in (f"refs/heads/{name}", f"refs/tags/{name}", f"refs/{name}", name):
            if sha := git.resolve(full):
                return sha
        raise Refusal(422, f"No commit found for SHA: {name}")

    def page(self, items: list, key: str | None = None, **around) -> Answer:
        """One page of a list, with the links to the others. Under `key` where the list stands in an object."""
        size = max(1, min(int(self.query.get("per_page", PER_PAGE)), MOST_PER_PAGE))
        page = max(1, int(self.query.get("page", 1)))
        last = max(1, -(-len(items) // size))
        part = items[(page - 1) * size : page * size]
        links = {}
        if page > 1:
            links |= {"prev": page - 1, "first": 1}
        if page < last:
            links |= {"next": page + 1, "last": last}
        text = ", ".join(f'<{self._link(number)}>; rel="{name}"' for name, number in links.items())
        value = {"total_count": len(items), key: part, **around} if key else part
        return Answer(200, value, {"Link": text} if text else {})

    def _link(self, page: int) -> str:
        return f"{self.world.base}{self.path}?{urlencode({**self.query, 'page': str(page)})}"


Handler = Callable[[Call], Answer]
HANDLERS: dict[str, Handler] = {}


def operation(name: str) -> Callable[[Handler], Handler]:
    def keep(handler: Handler) -> Handler:
        HANDLERS[name] = handler
        return handler

    return keep
