"""The list of tabs, in the order of the rail: a new tab is a folder under features/ and a line here."""

from playground.features.chat.page import PAGE as CHAT
from playground.features.connections.page import PAGE as CONNECTIONS
from playground.workbench.page import Page

PAGES: tuple[Page, ...] = (CHAT, CONNECTIONS)
