"""The Qt toolbox: theme, dialogs, forms, transcript, item models. Knows nothing of OpenAI."""
