"""`scrubber completion`: the lines that teach a shell to complete commands, options and names."""

from __future__ import annotations

import click

SHELLS = ("bash", "zsh", "fish")


@click.command(short_help="Print what makes your shell complete commands and names.")
@click.argument("shell", type=click.Choice(SHELLS), metavar="bash|zsh|fish")
@click.pass_context
def completion(ctx: click.Context, *, shell: str) -> None:
    """Print a script for your shell; its last line says where to put it."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    root = ctx.find_root().command
    script = kind(root, {}, "scrubber", "_SCRUBBER_COMPLETE").source()
    click.echo(f"{script.rstrip()}\n\n# {_HOW[shell]}")


_HOW = {
    "bash": 'In ~/.bashrc: eval "$(scrubber completion bash)"',
    "zsh": 'In ~/.zshrc, behind compinit: eval "$(scrubber completion zsh)"',
    "fish": "Once: scrubber completion fish > ~/.config/fish/completions/scrubber.fish",
}
