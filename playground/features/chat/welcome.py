"""What the Chat tab shows before anything was said: the ways to begin."""

from collections.abc import Callable

from playground.ui.empty_state import EmptyState, Example
from playground.workbench.workbench import Workbench

EXAMPLES = (
    Example(
        "Explain",
        "Explain how an HTTP client should retry a request: a short list, a small table, and a Python function.",
    ),
    Example("Write", "Write three friendly subject lines for a newsletter about lighthouses."),
    Example("Compare", "Compare SQLite and PostgreSQL for a desktop program, as a Markdown table."),
    Example("See the filter at work", "Tell me a story about a storm at sea. [[filter-answer:violence]]"),
)
BUILT_IN = (
    "Answers come from the service built into this program, with simulated models, until you connect to Azure "
    "OpenAI or to another service. Nothing leaves this computer."
)
CONNECTED = "Messages go to {name}. Every request can be read in the inspector (F12)."
CONNECT = "Connect to Azure OpenAI…"


def welcome(bench: Workbench, ask: Callable[[str], None]) -> EmptyState:
    """The empty state; its words follow the connection in use."""
    state = EmptyState("What would you like to try?", "", mark="chat", primary=CONNECT, examples=EXAMPLES)

    def refresh() -> None:
        current = bench.connections.current
        built_in = current.kind == "embedded"
        state.set_words(
            "What would you like to try?", BUILT_IN if built_in else CONNECTED.format(name=current.name)
        )
        state.button.setVisible(built_in)

    state.primary_requested.connect(lambda: bench.notices.show_page("connections"))
    state.example_chosen.connect(ask)
    bench.connections.changed.add(refresh)
    refresh()
    return state
