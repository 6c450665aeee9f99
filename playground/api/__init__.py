"""The caller: a typed async client for the 20 operations of the Azure OpenAI data plane."""
