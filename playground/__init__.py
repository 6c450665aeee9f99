"""Playground: a native desktop workbench for Azure OpenAI. This docstring is the map of the house.

Floors, top to bottom; imports go downwards only, and rooms on one floor do not see each other::

    app         composition: builds everything by hand, the window, the list of pages, crash handling
    features    one folder per tab: session.py (plain Python), view.py (Qt begins), page.py (joins them)
    workbench   what every tab stands on: Page, parameter form, inspector, filter chips, describe(error)
    ui          the Qt toolbox; knows nothing of OpenAI
    api         the caller: the typed async client (only api/transport.py speaks HTTP)
    service     the answerer: the embedded service, a process of its own
    store       SQLite history, drafts, search: JSON text in and out
    settings    connections, preferences, secrets
    wire        the vocabulary: what goes over HTTP, one module per word
    tasks       who owns a running coroutine
    resources   where fonts and other shipped files are

The same word on every floor: ``wire/images.py`` says what it looks like, ``api/images.py`` how to ask,
``service/images.py`` how to answer, ``features/images/`` how it is used. To find anything, say its word
and its floor.
"""

__version__ = "0.1.0"
