"""Checks that what the wheel tells its users is Python: each snippet of the README and of the docstrings runs."""

import importlib.metadata
import re
import sys
import textwrap
from types import FunctionType

import cdk_license_manager
from aws_cdk import App, Environment, Stack
from cdk_license_manager import mixins

#: What TypeScript has and Python has not.
TYPESCRIPT = re.compile(r"\bnew [A-Z]\w*\(|\bconst |=>|\bthis\.|```(ts|typescript)\b")


def main() -> None:
    problems = []
    readme = importlib.metadata.metadata("cdk-license-manager").get_payload()
    texts = {"README": readme, **dict(docstrings())}
    snippets = [
        *((f"README, line {readme[: match.start()].count(chr(10)) + 1}", match[1]) for match in re.finditer(r"```python\n(.*?)```", readme, re.DOTALL)),
        *((name, example) for name, text in texts.items() for example in examples(text)),
    ]

    for name, text in texts.items():
        if match := TYPESCRIPT.search(text):
            problems.append(f"{name} has TypeScript: {text[match.start() :].splitlines()[0]}")
    for name, source in snippets:
        # The README's are the inside of a stack.
        stack = Stack(App(), "Stack", env=Environment(account="111122223333", region="us-east-1"))
        try:
            exec(compile(source, name, "exec"), {"self": stack})
        except Exception as error:
            problems.append(f"{name}: {type(error).__name__}: {error}\n{textwrap.indent(source, '    ')}")

    # What stands here is what somebody sees who asks for help.
    documented = cdk_license_manager.LicenseConfiguration.__doc__
    if 'LicenseConfiguration(stack, "WindowsServer"' not in documented:
        problems.append(f"LicenseConfiguration is without its example:\n{textwrap.indent(documented, '    ')}")
    if problems:
        sys.exit("\n".join(["What the wheel says is not all Python:", *problems]))
    print(f"{len(snippets)} snippets run, {len(texts) - 1} docstrings are without TypeScript")


def docstrings():
    for module in (cdk_license_manager, mixins):
        for name, documented in vars(module).items():
            if isinstance(documented, type):
                yield name, documented.__doc__ or ""
                for key, member in vars(documented).items():
                    if isinstance(member, (FunctionType, classmethod, staticmethod, property)):
                        yield f"{name}.{key}", member.__doc__ or ""


def examples(text: str):
    """The indented blocks after `Example::`."""
    for match in re.finditer(r"^( *)Example::\n((?:\1 +.*\n|\s*\n)+)", text + "\n", re.MULTILINE):
        yield textwrap.dedent(match[2])


main()
