"""Whatever a person may paste: what must be found in it, and what must never come of it."""

import time
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.features.connections.addresses import GUESSED_V1, PORTAL_NOTE
from playground.features.connections.parse import (
    NAME_GUESSED,
    NOTHING_FOUND,
    PLACEHOLDER_NOTE,
    TOKEN_NOTE,
    VARIABLE_NOTE,
    Pasted,
    parse_anything,
)

KEY = "0123456789abcdef0123456789abcdef"
LONG_KEY = "8f" * 30 + "JQQJ99BAACYeBjFXJ3w3AAAB"
TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJjb2duaXRpdmUifQ.c2lnbmF0dXJl"
RES = "https://res.openai.azure.com"
ACCOUNT = "/subscriptions/0-1/resourceGroups/rg/providers/Microsoft.CognitiveServices/accounts/my-res"
URL = f"{RES}/openai/deployments/gpt-4o/chat/completions?api-version=2025-01-01-preview"

# what is pasted -> endpoint, kind, deployment, capability, version, key
TABLE = {
    "request url": (URL, RES, "azure", "gpt-4o", "chat", "2025-01-01-preview", ""),
    "encoded deployment": (
        f"{RES}/openai/deployments/my%20gpt%2F4/embeddings?api-version=2024-10-21",
        RES, "azure", "my gpt/4", "embeddings", "2024-10-21", "",
    ),
    "files url": (f"{RES}/openai/files?api-version=2024-10-21", RES, "azure", "", "", "2024-10-21", ""),
    "endpoint with slash": (f"{RES}/", RES, "azure", "", "", "", ""),
    "endpoint with /openai": (f"{RES}/openai/v1/", RES, "azure", "", "", "", ""),
    "cognitive services": (
        "https://eastus.api.cognitive.microsoft.com/", "https://eastus.api.cognitive.microsoft.com",
        "azure", "", "", "", "",
    ),
    "key in the address": (
        f"https://gw.azure-api.net/aoai/openai/deployments/d/completions?api-version=2024-10-21&subscription-key={KEY}",
        "https://gw.azure-api.net/aoai", "azure", "d", "completions", "2024-10-21", KEY,
    ),
    "bash curl": (
        f'curl "{URL}" \\\n  -H "Content-Type: application/json" \\\n  -H "api-key: {KEY}" \\\n'
        '  -d "{\\"messages\\": [{\\"role\\": \\"user\\", \\"content\\": \\"model: x\\"}]}"',
        RES, "azure", "gpt-4o", "chat", "2025-01-01-preview", KEY,
    ),
    "bash curl, single quotes": (
        f"curl -X POST '{URL}' -H 'api-key: {LONG_KEY}' --data '{{\"stream\":true}}'",
        RES, "azure", "gpt-4o", "chat", "2025-01-01-preview", LONG_KEY,
    ),
    "cmd curl": (
        f"curl -X POST {RES}/openai/deployments/tts/audio/speech?x=1^&api-version=2024-10-21 ^\r\n"
        f' -H "api-key: {KEY}"',
        RES, "azure", "tts", "speech", "2024-10-21", KEY,
    ),
    "powershell": (
        f"Invoke-RestMethod -Uri \"{URL}\" `\n -Headers @{{ 'api-key' = '{KEY}' }} -Method Post",
        RES, "azure", "gpt-4o", "chat", "2025-01-01-preview", KEY,
    ),
    "behind a proxy": (
        f'curl -x http://proxy.corp:8080 "{URL}" -H "api-key: {KEY}"',
        RES, "azure", "gpt-4o", "chat", "2025-01-01-preview", KEY,
    ),
    "bearer token": (
        f'curl "{URL}" -H "Authorization: Bearer {TOKEN}"',
        RES, "entra", "gpt-4o", "chat", "2025-01-01-preview", TOKEN,
    ),
    "python": (
        f'client = AzureOpenAI(\n  azure_endpoint="{RES}/",\n  api_key="{KEY}",\n'
        '  api_version="2024-02-01",\n)\n'
        'client.chat.completions.create(model="gpt-4o-mini", messages=[])',
        RES, "azure", "gpt-4o-mini", "", "2024-02-01", KEY,
    ),
    "python with a deployment": (
        f"AzureOpenAI(azure_endpoint='{RES}', azure_deployment='d', "
        f"api_version='2024-02-01', api_key='{KEY}')",
        RES, "azure", "d", "", "2024-02-01", KEY,
    ),
    "c sharp": (
        f'new AzureOpenAIClient(new Uri("{RES}"), new AzureKeyCredential("{KEY}"))',
        RES, "azure", "", "", "", KEY,
    ),
    "env block": (
        f"# Azure\nexport AZURE_OPENAI_ENDPOINT={RES}/\nexport AZURE_OPENAI_API_KEY='{KEY}'\n"
        "OPENAI_API_VERSION=2024-10-21\nAZURE_OPENAI_DEPLOYMENT_NAME=gpt4",
        RES, "azure", "gpt4", "", "2024-10-21", KEY,
    ),
    "cmd set": (
        f"set AZURE_OPENAI_ENDPOINT=res.openai.azure.com\r\nset AZURE_OPENAI_KEY={KEY}",
        RES, "azure", "", "", "", KEY,
    ),
    "powershell env": (
        f'$env:AZURE_OPENAI_ENDPOINT = "{RES}"\n$env:AZURE_OPENAI_API_KEY = "{KEY}"',
        RES, "azure", "", "", "", KEY,
    ),
    "json": (
        f'{{"endpoint": "{RES}", "apiKey": "{KEY}", "deploymentName": "d", "apiVersion": "2024-06-01"}}',
        RES, "azure", "d", "", "2024-06-01", KEY,
    ),
    "yaml": (
        f"endpoint: {RES}\napi_key: {KEY}\ndeployment: d\napi_version: 2024-06-01-preview",
        RES, "azure", "d", "", "2024-06-01-preview", KEY,
    ),
    "keys and endpoint page": (
        f"KEY 1\n{KEY}\nKEY 2\n{KEY[::-1]}\nLocation/Region\neastus\nEndpoint\n{RES}/\n",
        RES, "azure", "", "", "", KEY,
    ),
    "portal": (
        f"https://portal.azure.com/#@contoso.com/resource{ACCOUNT}/overview",
        "https://my-res.openai.azure.com", "azure", "", "", "", "",
    ),
    "studio": (
        f"https://ai.azure.com/resource/deployments/{ACCOUNT}/deployments/gpt-4o".replace("/sub", "%2Fsub")
        + "?wsid=x",
        "https://my-res.openai.azure.com", "azure", "gpt-4o", "", "", "",
    ),
    "resource id": (ACCOUNT, "https://my-res.openai.azure.com", "azure", "", "", "", ""),
    "bare host": ("res.openai.azure.com", RES, "azure", "", "", "", ""),
    "bare name": ("  Res ", RES, "azure", "", "", "", ""),
    "bare key": (KEY, "", None, "", "", "", KEY),
    "bare long key": (LONG_KEY, "", None, "", "", "", LONG_KEY),
    "a key of an unknown length": (KEY + "0", "", None, "", "", "", KEY + "0"),
    "bare version": ("2024-10-21", "", None, "", "", "2024-10-21", ""),
    "openai": (
        'OpenAI(base_url="https://api.openai.com/v1", api_key="sk-abcdefghijklmnop1234"), model="gpt-4o"',
        "https://api.openai.com/v1", "openai", "gpt-4o", "", "", "sk-abcdefghijklmnop1234",
    ),
    "vllm": (
        "http://10.0.0.5:8000/v1/chat/completions",
        "http://10.0.0.5:8000/v1", "openai", "", "chat", "", "",
    ),
    "ollama": ("localhost:11434", "http://localhost:11434/v1", "openai", "", "", "", ""),
    "ipv6": ("http://[::1]:8000/v1", "http://[::1]:8000/v1", "openai", "", "", "", ""),
    "gateway that speaks azure": (
        "https://ai.corp.example/team/openai/deployments/d/chat/completions?api-version=2024-10-21",
        "https://ai.corp.example/team", "azure", "d", "chat", "2024-10-21", "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLE)
def test_everything_that_is_there_is_found(case: str):
    text, endpoint, kind, deployment, capability, version, key = TABLE[case]
    found = parse_anything(text)
    assert (found.endpoint, found.kind, found.deployment) == (endpoint, kind, deployment)
    assert (found.capability, found.api_version) == (capability, version)
    assert (found.key.get_secret_value() if found.key else "") == key


@pytest.mark.parametrize(
    "text",
    [
        f'curl "{URL}" -H "api-key: $AZURE_OPENAI_API_KEY"',
        f'curl "{URL}" -H "api-key: ${{AZURE_OPENAI_API_KEY}}"',
        f'curl "{URL}" -H "api-key: %AZURE_OPENAI_API_KEY%"',
        f'AzureOpenAI(azure_endpoint="{RES}", api_key=os.environ["AZURE_OPENAI_API_KEY"])',
        f'AzureOpenAI(azure_endpoint="{RES}", api_key=os.getenv("AZURE_OPENAI_API_KEY"))',
    ],
)
def test_a_variable_in_the_place_of_a_key_is_kept_as_a_reference(text: str):
    found = parse_anything(text)
    assert found.key is None
    assert found.key_reference == "${AZURE_OPENAI_API_KEY}"
    assert VARIABLE_NOTE in found.notes


@pytest.mark.parametrize(
    "key", ["<your-api-key>", "YOUR_API_KEY", "****************", "{api-key}", "xxxxxxxxxxxx"]
)
def test_a_placeholder_is_no_key(key: str):
    found = parse_anything(f'curl "{URL}" -H "api-key: {key}"')
    assert found.key is None
    assert found.key_reference == ""
    assert PLACEHOLDER_NOTE in found.notes


def test_a_gateways_own_header_is_a_header_and_not_the_key():
    found = parse_anything(f'curl "{URL}" -H "Ocp-Apim-Subscription-Key: {KEY}"')
    assert found.key is None
    assert [(name, value.get_secret_value()) for name, value in found.headers] == [
        ("Ocp-Apim-Subscription-Key", KEY)
    ]


def test_notes_say_what_was_assumed():
    assert parse_anything("myresource").notes == (NAME_GUESSED,)
    assert parse_anything("localhost:11434").notes == (GUESSED_V1,)
    assert parse_anything(f"https://portal.azure.com/#resource{ACCOUNT}").notes == (PORTAL_NOTE,)
    assert TOKEN_NOTE in parse_anything(TOKEN).notes


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "hello there, how are you?",
        "https://",
        "http://[::1",
        "https://learn.microsoft.com/x",
        "ü",
        "://",
    ],
)
def test_nothing_found_is_said(text: str):
    assert parse_anything(text) == Pasted(notes=(NOTHING_FOUND,))


def test_a_password_in_an_address_does_not_stay_in_the_endpoint():
    found = parse_anything("https://me:hunter22@res.openai.azure.com/openai")
    assert found.endpoint == RES
    assert "hunter22" not in repr(found)


@pytest.mark.parametrize("case", TABLE)
def test_what_is_shown_of_a_result_never_repeats_the_key(case: str):
    text, key = TABLE[case][0], TABLE[case][-1]
    found = parse_anything(text)
    shown = repr(found) + " ".join(found.notes) + str(found)
    assert not key or key not in shown


pieces = st.sampled_from(
    [URL, KEY, TOKEN, "api-key:", "=", '"', "'", "\\\n", "^\n", "`\n", "export ", "curl ", "-x ", "https://",
     "http://[", "/openai/deployments/", "?api-version=", "os.environ[", "${", "}", "%", "\x00", "\ud800",
     "%ff", ":99999", "@", "#"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(pieces | st.text(max_size=6), max_size=14).map("".join))
def test_no_text_at_all_raises_or_leaks(text: str):
    found = parse_anything(text)
    for note in found.notes:
        assert KEY not in note
        assert TOKEN not in note
    assert found.endpoint == "" or found.endpoint.startswith(("http://", "https://"))
    assert KEY not in urlsplit(found.endpoint).netloc
    assert KEY not in found.deployment


@pytest.mark.parametrize(
    "unit", ["a", "a:", "a=", '"', "api-key: ", "https://a", "a.", "eyJ", "/deployments/", "a b "]
)
def test_a_long_hostile_text_takes_no_noticeable_time(unit: str):
    started = time.perf_counter()
    parse_anything(unit * (3_000_000 // len(unit)))
    assert time.perf_counter() - started < 5
