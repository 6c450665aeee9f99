"""Bodies as they go over the wire, for tests that take them apart and put them together again."""

from typing import Any

FILTERS = {
    "hate": {"filtered": False, "severity": "safe"},
    "sexual": {"filtered": False, "severity": "low"},
    "violence": {"filtered": True, "severity": "high"},
    "self_harm": {"filtered": False, "severity": "medium"},
    "profanity": {"filtered": False, "detected": False},
    "custom_blocklists": {"filtered": True, "details": [{"filtered": True, "id": "words"}]},
    "error": {"code": "content_filter_error", "message": "The filter is not available"},
}
PROMPT_FILTERS = {
    **FILTERS,
    "jailbreak": {"filtered": False, "detected": True},
    "indirect_attack": {"filtered": False, "detected": False},
}
CHOICE_FILTERS = {
    **FILTERS,
    "protected_material_text": {"filtered": False, "detected": False},
    "protected_material_code": {
        "filtered": False,
        "detected": True,
        "citation": {"URL": "https://example.com/repo", "license": "MIT"},
    },
    "ungrounded_material": {
        "filtered": False,
        "detected": True,
        "details": [{"completion_start_offset": 0, "completion_end_offset": 12}],
    },
}
PROMPTS_FILTERED = [{"prompt_index": 0, "content_filter_results": PROMPT_FILTERS}]
USAGE = {
    "prompt_tokens": 10,
    "completion_tokens": 4,
    "total_tokens": 14,
    "prompt_tokens_details": {"audio_tokens": 0, "cached_tokens": 2},
    "completion_tokens_details": {
        "accepted_prediction_tokens": 1,
        "audio_tokens": 0,
        "reasoning_tokens": 0,
        "rejected_prediction_tokens": 2,
    },
}
CITATION = {
    "content": "Grass is green.",
    "title": "Grass",
    "url": None,
    "filepath": "grass.md",
    "chunk_id": "0",
    "rerank_score": 2.5,
}
CONTEXT = {
    "citations": [CITATION],
    "intent": '["grass colour"]',
    "all_retrieved_documents": [
        {
            **CITATION,
            "search_queries": ["grass"],
            "data_source_index": 0,
            "original_search_score": 7.5,
            "filter_reason": "rerank",
        }
    ],
}
LOGPROBS = {
    "content": [
        {
            "token": "Hi",
            "logprob": -0.1,
            "bytes": [72, 105],
            "top_logprobs": [{"token": "Yo", "logprob": -9999.0, "bytes": None}],
        }
    ],
    "refusal": None,
}
TOOL_CALL = {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": '{"at":'}}
CHAT_COMPLETION: dict[str, Any] = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1739000000,
    "model": "gpt-4o-2024-08-06",
    "system_fingerprint": "fp_1",
    "choices": [
        {
            "index": 0,
            "finish_reason": "tool_calls",
            "logprobs": LOGPROBS,
            "message": {
                "role": "assistant",
                "content": None,
                "refusal": None,
                "tool_calls": [TOOL_CALL],
                "function_call": {"name": "look", "arguments": "{}"},
                "audio": {"id": "audio_1", "expires_at": 1739003600, "data": "AAAA", "transcript": "Hi"},
                "context": CONTEXT,
                "end_turn": True,
            },
            "content_filter_results": CHOICE_FILTERS,
            "enhancements": {
                "grounding": {
                    "lines": [
                        {
                            "text": "a cat",
                            "spans": [
                                {"text": "cat", "offset": 2, "length": 3, "polygon": [{"x": 0.1, "y": 0.2}]}
                            ],
                        }
                    ]
                }
            },
        }
    ],
    "prompt_filter_results": PROMPTS_FILTERED,
    "usage": USAGE,
}
CHUNK: dict[str, Any] = {
    "id": "chatcmpl-1",
    "object": "chat.completion.chunk",
    "created": 1739000000,
    "model": "gpt-4o-2024-08-06",
    "system_fingerprint": "fp_1",
    "choices": [
        {
            "index": 0,
            "finish_reason": None,
            "logprobs": None,
            "delta": {
                "role": "assistant",
                "content": "Hi",
                "refusal": None,
                "tool_calls": [{"index": 1, **TOOL_CALL}],
                "audio": {"id": "audio_1"},
            },
            "content_filter_results": CHOICE_FILTERS,
        }
    ],
    "usage": None,
}
ANNOTATION_CHUNK: dict[str, Any] = {
    "id": "",
    "object": "",
    "created": 0,
    "model": "",
    "choices": [
        {
            "index": 0,
            "finish_reason": None,
            "content_filter_results": FILTERS,
            "content_filter_raw": [{"anything": 1}],
            "content_filter_offsets": {"check_offset": 44, "start_offset": 44, "end_offset": 198},
        }
    ],
    "usage": None,
}
COMPLETION: dict[str, Any] = {
    "id": "cmpl-1",
    "object": "text_completion",
    "created": 1739000000,
    "model": "gpt-35-turbo-instruct",
    "choices": [
        {
            "text": "Hi",
            "index": 0,
            "finish_reason": "stop",
            "logprobs": {
                "tokens": ["H", "i"],
                "token_logprobs": [None, -0.5],
                "top_logprobs": [None, {"i": -0.5}],
                "text_offset": [0, 1],
            },
            "content_filter_results": CHOICE_FILTERS,
        }
    ],
    "prompt_filter_results": PROMPTS_FILTERED,
    "usage": USAGE,
}
FILE: dict[str, Any] = {
    "object": "file",
    "id": "file-1",
    "bytes": 9_000_000_000,
    "filename": "a.jsonl",
    "created_at": 1739000000,
    "purpose": "batch",
    "status": "processed",
    "status_details": None,
}
BATCH: dict[str, Any] = {
    "id": "batch_1",
    "object": "batch",
    "endpoint": "/chat/completions",
    "errors": {
        "object": "list",
        "data": [{"code": "invalid_json_line", "message": "Bad", "param": None, "line": 3}],
    },
    "input_file_id": "file-1",
    "completion_window": "24h",
    "status": "failed",
    "output_file_id": None,
    "error_file_id": None,
    "created_at": 1739000000,
    "in_progress_at": None,
    "expires_at": 1739086400,
    "finalizing_at": None,
    "completed_at": None,
    "failed_at": 1739000010,
    "expired_at": None,
    "cancelling_at": None,
    "cancelled_at": None,
    "request_counts": {"total": 1, "completed": 0, "failed": 1},
    "metadata": {"for": "test"},
}
SEARCH_SOURCE: dict[str, Any] = {
    "type": "azure_search",
    "parameters": {
        "endpoint": "https://search.example.com",
        "index_name": "docs",
        "authentication": {"type": "api_key", "key": "K"},
        "query_type": "vector_simple_hybrid",
        "embedding_dependency": {"type": "deployment_name", "deployment_name": "embeddings"},
        "fields_mapping": {"content_fields": ["text"], "image_vector_fields": ["image"]},
        "strictness": 3,
        "include_contexts": ["citations", "all_retrieved_documents"],
        "role_information": "Be brief.",
    },
}
CHAT_REQUEST: dict[str, Any] = {
    "messages": [
        {"role": "system", "content": "Be kind.", "name": "rules"},
        {"role": "developer", "content": [{"type": "text", "text": "Be brief."}]},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "What is this?"},
                {"type": "image_url", "image_url": {"url": "https://example.com/a.png", "detail": "low"}},
                {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}},
            ],
        },
        {"role": "assistant", "content": None, "tool_calls": [TOOL_CALL], "refusal": None},
        {"role": "tool", "content": "42", "tool_call_id": "call_1"},
        {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}], "context": CONTEXT},
        {"role": "function", "name": "look", "content": None},
    ],
    "temperature": 0.5,
    "stop": ["a", "b"],
    "logit_bias": {"50256": -100},
    "stream": True,
    "stream_options": {"include_usage": True},
    "response_format": {
        "type": "json_schema",
        "json_schema": {"name": "answer", "schema": {"type": "object"}, "strict": True},
    },
    "tools": [
        {
            "type": "function",
            "function": {"name": "look", "description": "Looks.", "parameters": {"type": "object"}},
        }
    ],
    "tool_choice": {"type": "function", "function": {"name": "look"}},
    "functions": [{"name": "look", "parameters": {}}],
    "function_call": {"name": "look"},
    "metadata": {"a": "b"},
    "modalities": ["text", "audio"],
    "audio": {"voice": "alloy", "format": "pcm16"},
    "prediction": {"type": "content", "content": [{"type": "text", "text": "same"}]},
    "data_sources": [SEARCH_SOURCE],
    "enhancements": {"grounding": {"enabled": True}, "ocr": {"enabled": False}},
    "user_security_context": {"application_name": "playground", "source_ip": "::1"},
}
UPLOAD = {
    "id": "upload_1",
    "object": "upload",
    "created_at": 1,
    "filename": "a",
    "bytes": 5,
    "purpose": "batch",
    "status": "completed",
    "expires_at": 3601,
    "file": FILE,
}
ERROR = {
    "error": {
        "code": "content_filter",
        "message": "Filtered",
        "type": None,
        "param": "prompt",
        "status": 400,
        "details": ["more", {"code": "a", "message": "b"}],
        "innererror": {
            "code": "ResponsibleAIPolicyViolation",
            "content_filter_result": PROMPT_FILTERS,
            "innererror": {"code": "deeper"},
        },
    }
}
IMAGES = {
    "created": 1,
    "data": [
        {
            "url": "https://example.com/1.png",
            "revised_prompt": "A cat",
            "content_filter_results": {"hate": {"filtered": False, "severity": "safe"}},
            "prompt_filter_results": {
                "jailbreak": {"filtered": False, "detected": False},
                "custom_blocklists": {"filtered": False, "details": []},
            },
        },
        {"b64_json": "AAAA"},
    ],
}
TRANSCRIPTION = {
    "task": "transcribe",
    "language": "english",
    "duration": 1.5,
    "text": "Hi",
    "segments": [
        {"id": 0, "seek": 0, "start": 0.0, "end": 1.5, "text": "Hi", "tokens": [1], "temperature": 0.0}
    ],
    "words": [{"word": "Hi", "start": 0.0, "end": 0.5}],
}

ANSWERS: dict[str, dict[str, Any]] = {
    "chat:ChatCompletion": CHAT_COMPLETION,
    "chat:ChatChunk": CHUNK,
    "completions:Completion": COMPLETION,
    "embeddings:Embeddings": {
        "object": "list",
        "model": "ada",
        "data": [{"object": "embedding", "index": 0, "embedding": [0.5, -1.0]}],
        "usage": {"prompt_tokens": 1, "total_tokens": 1},
    },
    "images:Images": IMAGES,
    "transcription:VerboseTranscription": TRANSCRIPTION,
    "files:FileList": {"object": "list", "data": [FILE], "has_more": False},
    "files:FileDeletion": {"id": "file-1", "object": "file", "deleted": True},
    "uploads:Upload": UPLOAD,
    "uploads:UploadPart": {"id": "a/b==", "object": "upload.part", "created_at": 1, "upload_id": "upload_1"},
    "batches:BatchList": {"object": "list", "data": [BATCH], "last_id": "batch_1", "has_more": True},
    "batches:BatchResultLine": {
        "custom_id": "1",
        "response": {"request_id": "r", "status_code": 200, "body": {"id": "x"}},
        "error": None,
    },
    "errors:ErrorResponse": ERROR,
}
REQUESTS: dict[str, dict[str, Any]] = {
    "chat:ChatRequest": CHAT_REQUEST,
    "completions:CompletionRequest": {
        "prompt": ["a", "b"],
        "best_of": 2,
        "logprobs": None,
        "stop": "x",
        "stream_options": {"include_usage": False},
    },
    "embeddings:EmbeddingsRequest": {
        "input": [[1, 2], [3]],
        "encoding_format": "base64",
        "input_type": "query",
    },
    "images:ImageRequest": {"prompt": "cat", "n": 1, "size": "1792x1024", "quality": "hd"},
    "speech:SpeechRequest": {"input": "Hi", "voice": "nova", "speed": 1.5},
    "transcription:TranscriptionRequest": {
        "language": "en",
        "temperature": 0.5,
        "timestamp_granularities[]": ["word", "segment"],
    },
    "files:UploadFileRequest": {"purpose": "fine-tune"},
    "uploads:CreateUploadRequest": {
        "filename": "a",
        "purpose": "batch",
        "bytes": 8_000_000_000,
        "mime_type": "text/plain",
    },
    "uploads:CompleteUploadRequest": {"part_ids": ["a/b=="], "md5": None},
    "batches:CreateBatchRequest": {
        "input_file_id": "file-1",
        "endpoint": "/chat/completions",
        "completion_window": "24h",
        "metadata": {"a": "b"},
    },
    "batches:BatchLine": {
        "custom_id": "1",
        "method": "POST",
        "url": "/chat/completions",
        "body": {"model": "d"},
    },
}
