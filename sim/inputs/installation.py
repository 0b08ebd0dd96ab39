"""What the program is called where packages are kept, and how to install what some commands need."""

DISTRIBUTION = (
    "union-bargaining"  # the command is `bargain`; the package of that name is a stranger's
)


def install(extra: str) -> str:
    """What to type for the packages of an extra of `pyproject.toml`."""
    return f'pip install "{DISTRIBUTION}[{extra}]"'
