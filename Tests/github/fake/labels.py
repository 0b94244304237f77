"""Labels: their names ignore case, unknown ones are made, and every change is one event."""

from .world import Issue, Label, Person, Refusal, Repository, World, invalid

NAME_LENGTH, DESCRIPTION_LENGTH, PER_ISSUE = 50, 100, 100


def define(
    world: World, repository: Repository, name: str, color: str = "ededed", description: str | None = None
) -> Label:
    _look_at(name, color, description)
    if name.lower() in repository.labels:
        raise invalid("Label", "name", "already_exists")
    label = Label(world.next_id(), name, color, description)
    repository.labels[name.lower()] = label
    return label


def redefine(
    repository: Repository, label: Label, name: str | None, color: str | None, description: str | None
) -> None:
    _look_at(name or label.name, color or label.color, description)
    if name and name.lower() != label.name.lower():
        if name.lower() in repository.labels:
            raise invalid("Label", "name", "already_exists")
        old, new = label.name.lower(), name.lower()
        repository.labels[new] = repository.labels.pop(old)
        for issue in repository.issues.values():
            issue.labels = [new if one == old else one for one in issue.labels]
    label.name = name or label.name
    label.color = color or label.color
    label.description = description if description is not None else label.description


def _look_at(name: str, color: str, description: str | None) -> None:
    if not name.strip() or len(name) > NAME_LENGTH:
        raise invalid("Label", "name", message=f"name is too long (maximum is {NAME_LENGTH} characters)")
    if len(color) != 6 or set(color.lower()) - set("0123456789abcdef"):
        raise invalid("Label", "color")
    if description and len(description) > DESCRIPTION_LENGTH:
        raise invalid(
            "Label", "description", message=f"description is too long (maximum is {DESCRIPTION_LENGTH} characters)"
        )


def replace(world: World, repository: Repository, issue: Issue, names: list[str], actor: Person) -> None:
    """Makes these the labels of an issue: first what goes, then what comes, one event each."""
    wanted = list(dict.fromkeys(name.lower() for name in names))
    _would_fit(repository, names, len(wanted))
    for key in [key for key in issue.labels if key not in wanted]:
        _change(world, repository, issue, key, actor, False)
    add(world, repository, issue, names, actor)


def add(world: World, repository: Repository, issue: Issue, names: list[str], actor: Person) -> None:
    fresh = {name.lower() for name in names} - set(issue.labels)
    _would_fit(repository, names, len(issue.labels) + len(fresh))
    for name in names:
        if name.lower() not in repository.labels:
            define(world, repository, name)
        if name.lower() not in issue.labels:
            _change(world, repository, issue, name.lower(), actor, True)


def remove(world: World, repository: Repository, issue: Issue, name: str, actor: Person) -> None:
    if name.lower() not in issue.labels:
        raise Refusal(404, "Label does not exist")
    _change(world, repository, issue, name.lower(), actor, False)


def _would_fit(repository: Repository, names: list[str], count: int) -> None:
    for name in names:
        if name.lower() not in repository.labels:
            _look_at(name, "ededed", None)
    if count > PER_ISSUE:
        raise invalid("Issue", "labels", message=f"cannot have more than {PER_ISSUE} labels")


def _change(world: World, repository: Repository, issue: Issue, key: str, actor: Person, there: bool) -> None:
    issue.labels_before.append(list(issue.labels))
    issue.labels = [*issue.labels, key] if there else [one for one in issue.labels if one != key]
    label = repository.labels[key]
    data = {"label": {"name": label.name, "color": label.color}}
    world.record(repository, "labeled" if there else "unlabeled", actor, issue.number, **data)
