"""The language server: a thin shell round `actions`, and the only package that knows LSP.

    server, websocket   starting it: stdio, TCP, WebSocket
    features            every handler, and the one place where they are registered
    language_server     what the handlers share: settings, documents, jobs
    protocol            pygls, adjusted where it stands in the way
    capabilities        what the client can do, decided once
    from_lsp, to_lsp    the protocol's values to ours and back
    documents           open documents and the files around them
    offers              textDocument/codeAction
    commands            the arguments of our commands
    jobs, progress      long work: cancelling and reporting it
    running             an action as a job, from its place to its delivery
    places              where a command applies, also in a newer version of the document
    delivery            an outcome on its way into the document, or before the user's eyes
    consenting, results whether a change may be applied: asked, previewed, or shown whole
    placing             a change in the document as it is at the moment
    following           what the user wants instead: something else, or the cloud
    explaining, labels  an explanation, shown while it is written; the label it carries
    status, local_model what the model is doing, which ones there are, giving it a rest
    client_requests     requests of our own to the client (docs/protocol.md)
    pacing              sending what changes quickly, but not too often
    messages, pages     short and long texts for the user
    pulling             fetching a missing model
    hovering            the card of a hover, and explanations started by one that stays
    assessing           scope analysis begun where the cursor rests
    watching            the workspace's tag index, kept up to date
    configuration       settings from the client
    lifetime            going away together with the editor

Handlers are named after their LSP method; their first parameter is called `ls`, which is how pygls
knows that it wants the server. Annotations of handlers must be resolvable at run time.
"""
