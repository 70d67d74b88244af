/**
 * Language models behind OpenAI's HTTP API: vLLM, SGLang, llama.cpp, Ollama, and our own server.
 */
@NullMarked
package malt.model.remote;

import org.jspecify.annotations.NullMarked;
