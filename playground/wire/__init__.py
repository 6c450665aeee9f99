"""The vocabulary: pydantic models of everything that goes over HTTP, one module per word.

Import the word you need (``from playground.wire.chat import ChatRequest``); this package imports none of
them, because building every model costs more time than a start of the program may take.
"""
