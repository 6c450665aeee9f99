// Drives the service through the official JavaScript SDK; prints one JSON line per case. Arguments: url, key, wav.
import fs from "node:fs";
import { AzureOpenAI, toFile } from "openai";

const [url, key, wav] = process.argv.slice(2);
const make = (changes = {}) =>
  new AzureOpenAI({ endpoint: url, apiKey: key, apiVersion: "2025-01-01-preview", maxRetries: 0, ...changes });
const messages = [{ role: "user", content: "Say something about the sea." }];
const assert = (truth, what) => { if (!truth) throw new Error(what); };
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const cases = {
  async chat() {
    const reply = await make().chat.completions.create({ model: "chat", messages });
    assert(reply.choices[0].message.content, "no text");
    assert(reply.usage.total_tokens === reply.usage.prompt_tokens + reply.usage.completion_tokens, "usage");
  },
  async stream() {
    let text = "", usage = null;
    const options = { model: "chat", messages, stream: true, stream_options: { include_usage: true } };
    for await (const chunk of await make().chat.completions.create(options)) {
      text += chunk.choices[0]?.delta?.content ?? "";
      usage = chunk.usage ?? usage;
    }
    assert(text && usage.completion_tokens > 0, "stream");
  },
  async tools() {
    const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
    const tools = [{ type: "function", function: { name: "get_weather", parameters } }];
    const reply = await make().chat.completions.create({ model: "chat", messages, tools, tool_choice: "required" });
    assert(typeof JSON.parse(reply.choices[0].message.tool_calls[0].function.arguments).city === "string", "call");
  },
  async logprobs() {
    const reply = await make().chat.completions.create({ model: "chat", messages, logprobs: true, top_logprobs: 2 });
    assert(reply.choices[0].logprobs.content[0].top_logprobs.length === 2, "logprobs");
  },
  async completions() {
    const reply = await make().completions.create({ model: "completions", prompt: "Once", echo: true });
    assert(reply.choices[0].text.startsWith("Once"), "echo");
  },
  async embeddings() {
    const reply = await make().embeddings.create({ model: "embeddings", input: ["a", "b"], dimensions: 64 });
    assert(reply.data.length === 2 && reply.data[0].embedding.length === 64, "embedding");
  },
  async images() {
    const reply = await make().images.generate({ model: "images", prompt: "a tree", response_format: "b64_json" });
    assert(Buffer.from(reply.data[0].b64_json, "base64").subarray(1, 4).toString() === "PNG", "png");
  },
  async audio() {
    const said = await make().audio.speech.create({ model: "speech", voice: "nova", input: "Hello.", response_format: "wav" });
    assert((await said.arrayBuffer()).byteLength > 500, "speech");
    const file = () => fs.createReadStream(wav);
    const text = await make().audio.transcriptions.create({ model: "transcription", file: file() });
    assert(text.text, "transcription");
    assert((await make().audio.translations.create({ model: "transcription", file: file() })).text, "translation");
  },
  async files() {
    const api = make(), ids = [];
    for (let i = 0; i < 3; i++)
      ids.push((await api.files.create({ file: await toFile(Buffer.from("{}\n"), `n${i}.jsonl`), purpose: "batch" })).id);
    const seen = [];
    for await (const file of api.files.list({ limit: 2 })) seen.push(file.id);
    assert(ids.every((id) => seen.includes(id)) && new Set(seen).size === seen.length, "paging");
    assert((await api.files.retrieve(ids[0])).bytes === 3, "retrieve");
    assert((await (await api.files.content(ids[0])).text()) === "{}\n", "content");
    for (const id of ids) assert((await api.files.delete(id)).deleted, "delete");
  },
  async uploads() {
    const api = make(), data = Buffer.alloc(500000, "abc");
    const upload = await api.uploads.create({ filename: "a.jsonl", purpose: "batch", bytes: data.length, mime_type: "application/jsonl" });
    const cut = [data.subarray(0, 200000), data.subarray(200000)];
    const parts = await Promise.all(cut.map(async (piece) => api.uploads.parts.create(upload.id, { data: await toFile(piece, "part") })));
    const done = await api.uploads.complete(upload.id, { part_ids: parts.map((part) => part.id) });
    assert(done.status === "completed" && done.file.bytes === data.length, "complete");
    const other = await api.uploads.create({ filename: "b", purpose: "batch", bytes: 5, mime_type: "text/plain" });
    assert((await api.uploads.cancel(other.id)).status === "cancelled", "cancel");
  },
  async batches() {
    const api = make();
    const line = { custom_id: "1", method: "POST", url: "/chat/completions", body: { model: "chat", messages, max_tokens: 5 } };
    const file = await api.files.create({ file: await toFile(Buffer.from(JSON.stringify(line)), "b.jsonl"), purpose: "batch" });
    let batch = await api.batches.create({ input_file_id: file.id, endpoint: "/chat/completions", completion_window: "24h" });
    for (let i = 0; i < 200 && !["completed", "failed"].includes(batch.status); i++) {
      await sleep(100);
      batch = await api.batches.retrieve(batch.id);
    }
    assert(batch.status === "completed", batch.status);
    const rows = await (await api.files.content(batch.output_file_id)).text();
    assert(JSON.parse(rows.split("\n")[0]).custom_id === "1", "rows");
    const seen = [];
    for await (const each of api.batches.list({ limit: 1 })) seen.push(each.id);
    assert(seen.includes(batch.id), "list");
    const ended = await api.batches.cancel(batch.id).catch((error) => error);
    assert(ended.status === 400 || ended.status === "completed", "cancel of a final batch");
  },
  async errors() {
    const status = async (call) => { try { await call; return 200; } catch (error) { return error.status; } };
    const ask = (api, changes = {}) => api.chat.completions.create({ model: "chat", messages, ...changes });
    assert((await status(ask(make({ apiKey: "wrong" })))) === 401, "401");
    assert((await status(ask(make(), { model: "nope" }))) === 404, "404");
    assert((await status(ask(make(), { temperature: 9 }))) === 400, "400");
    assert((await status(ask(make(), { model: "throttled" }))) === 429, "429");
  },
};
for (const [name, run] of Object.entries(cases)) {
  try {
    await run();
    console.log(JSON.stringify({ case: name, ok: true }));
  } catch (error) {
    console.log(JSON.stringify({ case: name, ok: false, error: String(error.stack).slice(0, 500) }));
  }
}
