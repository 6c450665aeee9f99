"""``python -m playground``: the window, the tour through it, or a measurement of it."""

import argparse
import sys


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="playground", description="A desktop workbench for Azure OpenAI.")
    top.set_defaults(command="window")
    commands = top.add_subparsers(title="commands", metavar="")
    window = commands.add_parser("window", help="open the window (what happens without a command)")
    for each in (top, window):
        each.add_argument("--another", action="store_true", help="open a second window on the same profile")
    window.set_defaults(command="window")
    tour = commands.add_parser("tour", help="drive the window through every tab and save pictures")
    tour.add_argument("--out", required=True, help="folder for the pictures")
    tour.set_defaults(command="tour")
    bench = commands.add_parser("bench-chat", help="measure the window while an answer streams")
    bench.add_argument("--endpoint", required=True, help="resource or OpenAI-compatible base URL")
    bench.add_argument("--deployment", required=True)
    bench.add_argument("--history", type=int, default=0, help="earlier messages in the conversation")
    bench.add_argument("--prompt", required=True)
    bench.add_argument("--kind", choices=("azure", "openai"), default="azure")
    bench.set_defaults(command="bench-chat")
    return top


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; the exit code is the process's."""
    options = parser().parse_args(arguments)
    if options.command == "tour":
        from playground.app.tour import take_tour

        return take_tour(options.out)
    if options.command == "bench-chat":
        from playground.app.bench import bench_chat

        return bench_chat(options)
    from playground.app.main import open_window

    return open_window(another=options.another)


if __name__ == "__main__":
    sys.exit(main())
