"""The caller: a typed async client for the 20 operations of the Azure OpenAI data plane.

From the outside in::

    client         AzureOpenAI: one attribute per word (chat, files, …), one coroutine per operation
    connection     address, credential, proxy, patience          entra        tokens of Entra ID
    caller         one call: attempts, waits, its record         retry        what may be repeated, and when
    bodies         JSON and forms that are sent                  watchdog     ends a wait without progress
    answer         what comes back, watched and bounded          reading      answers as models, text, bytes
    streams        chunks of a streamed answer                   sse          events out of bytes
    assembly       chunks folded into messages                   downloads    answers into files
    exchange       the record of a call                          export       … as curl, Python, HTTP, HAR
    redaction      no credential in any record                   errors       the tree of what can go wrong
    transport      the door to the network: HTTP                 sockets      the sockets below it
"""
