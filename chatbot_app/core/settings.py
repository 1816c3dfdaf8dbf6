"""All settings: those of a conversation (`core.generation`) and those of the program, declared here."""

from __future__ import annotations

from chatbot_app.core.generation import GENERATION_SETTINGS
from chatbot_app.core.setting import Setting

APPLICATION_SETTINGS = (
    Setting("ui.theme", str, "system", "Appearance", "Light, dark, or as the system says."),
    Setting(
        "ui.font_scale",
        float,
        1.0,
        "Text size",
        "Scales the text of the conversation.",
        minimum=0.7,
        maximum=2.0,
        step=0.1,
    ),
    Setting("ui.document_order", str, "newest", "Order of documents", "How the documents are sorted."),
    Setting(
        "ui.conversation_sorting", str, "date", "Order of conversations", "How conversations are sorted."
    ),
    Setting("ui.welcomed", bool, False, "Welcomed", "The welcome of the first launch was shown."),
    Setting("ui.geometry", str, "", "Window", "Geometry and panels of the window, as Qt saves them."),
    Setting("ui.open_conversation", str, "", "Open conversation", "The conversation that was open last."),
    Setting("ui.export_folder", str, "", "Folder of exports", "Where a conversation was exported to last."),
    Setting("ui.drafts", str, "", "Drafts", "What was written and not sent yet, by conversation, as JSON."),
    Setting(
        "chat.automatic_titles",
        bool,
        True,
        "Automatic titles",
        "A short title is asked from the model when it is idle.",
    ),
    Setting(
        "servers.small_models",
        str,
        "[]",
        "Small models",
        "Models that you called too small to be trusted with documents, as JSON.",
    ),
    Setting(
        "servers.environment_offered",
        bool,
        False,
        "Server of the environment",
        "Whether the server that OPENAI_API_KEY describes was offered.",
    ),
    Setting(
        "knowledge.embedding",
        str,
        "",
        "Embedding model",
        "The server and model that make vectors, as JSON; empty for the built-in one.",
    ),
    Setting(
        "knowledge.embedding_move",
        str,
        "",
        "Move to another embedding model",
        "The embedding model whose vectors are being made, as JSON; empty for none.",
    ),
    Setting(
        "knowledge.embeddings_known",
        str,
        "[]",
        "Embedding models with vectors",
        "The embedding models whose vectors are kept beside those that are searched, as JSON.",
    ),
    Setting(
        "knowledge.built_in_vectors",
        str,
        "",
        "Vectors of the built-in embedding model",
        "Which form of the built-in model made all vectors; empty until they were made anew for another form of it.",
    ),
    Setting(
        "models.default",
        str,
        "built-in",
        "Default model of this computer",
        "The model of conversations on this computer that name none.",
    ),
    Setting(
        "models.idle_minutes",
        int,
        15,
        "Unload idle models after",
        "Minutes without a question after which a model of this computer gives its memory back; 0 keeps it.",
        minimum=0,
        maximum=24 * 60,
    ),
    Setting(
        "models.favourites",
        str,
        "[]",
        "Favourite models",
        "Models that stand first where a model is chosen, by server, as JSON.",
    ),
    Setting(
        "models.prices",
        str,
        "[]",
        "Prices of models",
        "What a million tokens cost, by server and model, as you have said it, as JSON.",
    ),
    Setting(
        "lab.token_price",
        float,
        0.0,
        "Price of tokens",
        "What a million tokens cost at the model that you compare with, in your currency.",
        minimum=0.0,
        maximum=100_000.0,
    ),
    Setting("chat.default_server", str, "built-in", "Default server", "The server of new conversations."),
)

SETTINGS = {setting.key: setting for setting in GENERATION_SETTINGS + APPLICATION_SETTINGS}
